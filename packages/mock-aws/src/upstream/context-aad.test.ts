import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeContext } from "./context-aad.js";

const context = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), { maxKeys: 4 });

it("is what the description says", () => {
  expect(encodeContext({})).toEqual(Buffer.alloc(0));
  expect(encodeContext({ b: "", aé: "xy" }).toString("hex")).toBe("0000000361c3a90000000278790000000162" + "00000000");
});

it("does not hang on the order of the pairs (property)", () => {
  fc.assert(
    fc.property(context, (pairs) => {
      const reversed = Object.fromEntries(Object.entries(pairs).reverse());
      expect(encodeContext(reversed)).toEqual(encodeContext(pairs));
    }),
  );
});

it("can be read back: no two contexts share an encoding (property)", () => {
  fc.assert(
    fc.property(context, (pairs) => {
      expect(decoded(encodeContext(pairs))).toEqual({ ...pairs });
    }),
  );
});

function decoded(bytes: Buffer): Record<string, string> {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    texts.push(bytes.toString("utf8", at + 4, end));
    at = end;
  }
  return Object.fromEntries(texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ""]] : [])));
}
