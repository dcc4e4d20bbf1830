import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryPorts, type MemoryPorts } from "../../testing/index.js";
import type { Caller } from "../access/caller.js";
import { ok } from "../errors/outcome.js";
import { bodyHash } from "./body-hash.js";
import { rowEntity } from "./entity.js";
import { idempotent } from "./idempotent.js";

interface Row {
  readonly id: string;
  readonly accountId: string;
}
const ADMIN: Caller = { subject: "ada", roles: ["ACCOUNT_ADMIN"], accountId: "acc_1" };

let ports: MemoryPorts;
beforeEach(() => {
  ports = createMemoryPorts();
});

describe("a replay", () => {
  it.each([
    ["of what belongs to another account by now", { id: "row", accountId: "acc_2" }],
    ["of what is gone", null],
  ])("%s shows nothing", async (_, now: Row | null) => {
    const made: Row = { id: "row", accountId: "acc_1" };
    const repository = { byId: async () => now };
    const make = idempotent(ports, "startBackup", rowEntity<Row>(repository), async (_caller, _input, claim) => {
      await ports.store.transaction((tx) => claim.complete(tx, made));
      return ok(made);
    });
    expect(await make(ADMIN, { idempotencyKey: "k" })).toEqual(ok(made));
    expect(await make(ADMIN, { idempotencyKey: "k" })).toMatchObject({ ok: false, error: [{ code: "ACCOUNT_NOT_FOUND" }] });
  });
});

it("tells a use case that forgets its claim", async () => {
  const row: Row = { id: "row", accountId: "acc_1" };
  const forgetful = idempotent(ports, "startBackup", rowEntity<Row>({ byId: async () => row }), async () => ok(row));
  await expect(forgetful(ADMIN, { idempotencyKey: "k" })).rejects.toThrow("without completing its claim");
  expect(await forgetful(ADMIN, {})).toEqual(ok(row));
});

describe("the hash of a body", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.bigInt(), fc.constant(null), fc.array(fc.string()));
  const body = fc.dictionary(
    fc.string().filter((name) => name !== "idempotencyKey"),
    value,
    { noNullPrototype: true },
  );

  it("does not depend on the order of fields, on the key, nor on fields that are undefined", () => {
    fc.assert(
      fc.property(body, fc.string(), (fields, idempotencyKey) => {
        const turned = Object.fromEntries(Object.entries(fields).reverse());
        expect(bodyHash({ ...turned, idempotencyKey, "left out": undefined } as object)).toBe(bodyHash(fields));
      }),
    );
  });

  it.each<[string, object, object]>([
    ["another value", { a: "1" }, { a: "2" }],
    ["another field", { a: "1" }, { b: "1" }],
    ["a number and its text", { a: 1 }, { a: "1" }],
    ["a number and a bigint", { a: 1 }, { a: 1n }],
    ["a bigint and what it is written as", { a: 1n }, { a: { bigint: "2" } }],
    ["null and left out", { a: null }, {}],
    ["a list and its element", { a: ["1"] }, { a: "1" }],
    ["one text in two lists", { a: ["1", "2"] }, { a: ["1,2"] }],
    ["fields that run into one another", { a: "b", c: "d" }, { a: 'b","c":"d' }],
  ])("tells apart %s", (_, one, other) => {
    expect(bodyHash(one)).not.toBe(bodyHash(other));
  });
});
