import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ACCOUNT_KEY_LENGTH, AccountKey } from "./account-key.js";

const bytes = (): Buffer => Buffer.from(Array.from({ length: ACCOUNT_KEY_LENGTH }, (_, index) => index));

describe("account key", () => {
  it("has one check value per key, and knows its own", () => {
    const key = AccountKey.takeOver(bytes());
    expect(key.checkValue()).toBe(AccountKey.takeOver(bytes()).checkValue());
    expect(key.matches(key.checkValue())).toBe(true);
    expect(key.matches(AccountKey.generate().checkValue())).toBe(false);
    expect(key.matches("")).toBe(false);
    expect(key.matches("not hex")).toBe(false);
  });

  it("overwrites the bytes it took over and throws at every later use", () => {
    const taken = bytes();
    const key = AccountKey.takeOver(taken);
    key.destroy();
    expect(key.destroyed).toBe(true);
    expect(taken.every((byte) => byte === 0)).toBe(true);
    expect(() => key.use(() => "used")).toThrowError("destroyed");
    expect(() => key.checkValue()).toThrowError("destroyed");
    expect(() => key.destroy()).not.toThrow();
  });

  it.each([0, 31, 33])("is not made of %i bytes", (length) => {
    expect(() => AccountKey.takeOver(Buffer.alloc(length))).toThrowError(RangeError);
  });

  it("shows nothing of its bytes", () => {
    const key = AccountKey.takeOver(bytes());
    for (const shown of [JSON.stringify({ key }), `${key}`, inspect(key), inspect({ deep: { key } }, { showHidden: true })]) {
      expect(shown).toContain("[account key]");
      expect(shown).not.toMatch(/0, ?1, ?2|000102|AAEC/);
    }
  });
});
