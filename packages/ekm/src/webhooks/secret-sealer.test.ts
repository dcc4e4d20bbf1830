// Invariant: a stored secret opens under the installation's key and for its own webhook alone, unchanged; it is nowhere to be read in
// what is stored.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretSealer } from "./secret-sealer.js";

const sealer = createSecretSealer(randomBytes(32));

describe("a sealed secret", () => {
  it("opens for its owner, is sealed otherwise each time, and does not hold the secret", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (secret) => {
        const [one, two] = [sealer.seal(secret, "whk_1"), sealer.seal(secret, "whk_1")];
        expect(sealer.open(one, "whk_1")).toEqual(Buffer.from(secret));
        expect(one).not.toBe(two);
        expect(Buffer.from(one, "base64").includes(Buffer.from(secret))).toBe(false);
      }),
    );
  });

  it("opens for nobody else, nor under another key", () => {
    const sealed = sealer.seal(randomBytes(32), "whk_1");
    expect(sealer.open(sealed, "whk_2")).toBeNull();
    expect(createSecretSealer(randomBytes(32)).open(sealed, "whk_1")).toBeNull();
  });

  it("opens no more once any of its bytes was changed, or it was cut", () => {
    const sealed = Buffer.from(sealer.seal(randomBytes(32), "whk_1"), "base64");
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealer.open(changed.toString("base64"), "whk_1")).toBeNull();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(sealer.open(sealed.subarray(0, length).toString("base64"), "whk_1")).toBeNull();
    }
  });

  it.each([0, 16, 31, 33])("asks for a key of 32 bytes, not of %i", (length) => {
    expect(() => createSecretSealer(new Uint8Array(length))).toThrow(RangeError);
  });
});
