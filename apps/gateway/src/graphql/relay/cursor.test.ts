import { describe, expect, it } from "vitest";
import { type CursorKind, decodeCursor, encodeCursor } from "./cursor.js";

const KINDS: readonly CursorKind[] = ["account", "source", "backup", "restore", "health", "audit"];
const refused = (kind: CursorKind, cursor: string) => {
  try {
    decodeCursor(kind, cursor);
    return null;
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe("a cursor", () => {
  it.each(KINDS)("of %s gives the sort key back, and to its own list alone", (kind) => {
    for (const key of ["acc_01HZX", "a:b:c", "ü", "x".repeat(300)]) {
      const cursor = encodeCursor(kind, key);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(kind, cursor)).toBe(key);
      for (const other of KINDS.filter((candidate) => candidate !== kind)) expect(refused(other, cursor)).toBe("BAD_USER_INPUT");
    }
  });

  it("with any character changed, left out or added is refused or names another item", () => {
    const cursor = encodeCursor("backup", "bkp_1");
    for (let at = 0; at < cursor.length; at += 1) {
      for (const changed of [`${cursor.slice(0, at)}!${cursor.slice(at + 1)}`, `${cursor.slice(0, at)}=${cursor.slice(at)}`]) {
        expect(refused("backup", changed)).toBe("BAD_USER_INPUT");
      }
    }
  });

  it.each(["", "!", "eA", "MQ", Buffer.from("1:backup:").toString("base64url"), Buffer.from("0:backup:x").toString("base64url")])(
    "%j is none",
    (cursor) => {
      expect(refused("backup", cursor)).toBe("BAD_USER_INPUT");
    },
  );
});
