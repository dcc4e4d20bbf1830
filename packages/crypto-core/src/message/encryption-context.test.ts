import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEncryptionContext, encodeEncryptionContext, sameEncryptionContext } from "./encryption-context.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const text = fc.string({ unit: "binary" });
const contexts = fc.dictionary(
  text.filter((key) => !key.startsWith("aws-crypto-")),
  text,
);

describe("encryption context", () => {
  it("is written as the format says: count, then pairs in the order of their keys' bytes", () => {
    expect(hex(encodeEncryptionContext({ b: "2", a: "1" }))).toBe("0002" + "000161" + "000131" + "000162" + "000132");
    expect(encodeEncryptionContext({}).length).toBe(0);
  });

  it("sorts by bytes, not by UTF-16 units", () => {
    const decoded = decodeEncryptionContext(encodeEncryptionContext({ "\u{1F511}": "", "\uFFFD": "", z: "", ä: "" }));
    expect([...decoded.keys()]).toEqual(["z", "ä", "\uFFFD", "\u{1F511}"]);
  });

  it("keeps a byte order mark: it is part of the text", () => {
    const context = { "\uFEFFkey": "\uFEFFvalue" };
    expect(sameEncryptionContext(decodeEncryptionContext(encodeEncryptionContext(context)), context)).toBe(true);
  });

  it("comes back as it was", () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const decoded = decodeEncryptionContext(encodeEncryptionContext(context));
        expect(sameEncryptionContext(decoded, context)).toBe(true);
      }),
    );
  });

  it("is read in one form only: what decodes encodes to the same bytes", () => {
    fc.assert(
      fc.property(contexts, fc.nat(), fc.nat(255), (context, at, value) => {
        const bytes = encodeEncryptionContext(context);
        if (bytes.length > 0) bytes.writeUInt8(value, at % bytes.length);
        let decoded: ReadonlyMap<string, string>;
        try {
          decoded = decodeEncryptionContext(bytes);
        } catch (error) {
          expect(error).toMatchObject({ fault: "MALFORMED" });
          return;
        }
        if ([...decoded.keys()].some((key) => key.startsWith("aws-crypto-"))) return;
        expect(hex(encodeEncryptionContext(Object.fromEntries(decoded)))).toBe(hex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["a count of zero", "0000"],
    ["half a count", "00"],
    ["a pair too few", "0002" + "00016100013100"],
    ["a byte too many", "0001" + "000161000131" + "00"],
    ["a length that runs out of the buffer", "0001" + "ffff61000131"],
    ["a key twice", "0002" + "000161000131" + "000161000132"],
    ["keys out of order", "0002" + "000162000131" + "000161000132"],
    ["bytes that are not UTF-8", "0001" + "0001ff000131"],
  ])("refuses %s", (_what, encoded) => {
    expect(() => decodeEncryptionContext(Buffer.from(encoded, "hex"))).toThrowError(
      expect.objectContaining({ name: "MessageError", fault: "MALFORMED" }),
    );
  });

  it.each([
    ["a reserved key", { "aws-crypto-public-key": "x" }],
    ["half a surrogate pair", { key: "\ud800" }],
    ["more than 65535 bytes", { key: "v".repeat(65_530) }],
    ["a value beyond its length field", { key: "v".repeat(65_536) }],
  ])("cannot be written with %s", (_what, context) => {
    expect(() => encodeEncryptionContext(context)).toThrowError(RangeError);
  });

  it("equals another only pair for pair", () => {
    const found = new Map([["a", "1"]]);
    expect(sameEncryptionContext(found, { a: "1" })).toBe(true);
    expect(sameEncryptionContext(found, { a: "2" })).toBe(false);
    expect(sameEncryptionContext(found, { b: "1" })).toBe(false);
    expect(sameEncryptionContext(found, {})).toBe(false);
    expect(sameEncryptionContext(new Map(), { toString: "1" })).toBe(false);
  });
});
