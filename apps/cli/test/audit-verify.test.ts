// Invariant: whatever is done to the audit log past the product, by an edit, a removal, an addition or a change of order, is found, and
// the first entry that it concerns is named.
import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDatabase, ekm, ekmProcess, tamper, temporaryDirectory } from "./support.js";

const ENTRIES = 12;

let directory: string;
let remove: () => Promise<void>;
let file: string;
let accounts: readonly string[];
beforeEach(async () => {
  ({ directory, remove } = await temporaryDirectory());
  file = path.join(directory, "ekm.sqlite");
  accounts = await createDatabase(file, [ENTRIES, 3, 0]);
});
afterEach(() => remove());

const verify = async (...args: readonly string[]) => ekm("audit", "verify", "--database", file, ...args);
const resultOf = async (account: string) => {
  const { status, out } = await verify("--json");
  const { intact, accounts: results } = JSON.parse(out) as { intact: boolean; accounts: { accountId: string }[] };
  return { status, intact, result: results.find(({ accountId }) => accountId === account) };
};

describe("a log that is as it was written", () => {
  it("is whole, in every account", async () => {
    const { status, out, progress } = await verify();
    expect({ status, out }).toEqual({ status: 0, out: "3 accounts, 15 entries: all chains are whole" });
    expect(progress.at(0)).toContain("account 1 of 3");
    expect(progress.at(-1)).toBe("");
  });

  it("tells as JSON where each chain ends", async () => {
    const { status, intact, result } = await resultOf(accounts[1] ?? "");
    expect({ status, intact }).toEqual({ status: 0, intact: true });
    expect(result).toEqual({
      accountId: accounts[1],
      verified: 3,
      last: { sequence: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      finding: null,
    });
  });

  it("can be looked at account by account", async () => {
    await tamper(file, `UPDATE audit_event SET detail = 'x' WHERE account_id = '${accounts[0]}'`);
    expect((await verify("--account", accounts[1] ?? "")).status).toBe(0);
    expect((await verify("--account", accounts[0] ?? "")).status).toBe(1);
  });

  it("is whole while it is longer than what is read at once", async () => {
    const long = path.join(directory, "long.sqlite");
    await createDatabase(long, [2_500]);
    expect(await ekm("audit", "verify", "--database", long)).toMatchObject({
      status: 0,
      out: expect.stringContaining("2500 entries"),
    });
    await tamper(long, "UPDATE audit_event SET actor = 'eve' WHERE sequence = 2100");
    expect(await ekm("audit", "verify", "--database", long)).toMatchObject({
      status: 1,
      out: expect.stringContaining("entry 2100 "),
    });
  });
});

describe("a log that somebody changed", () => {
  const of = (sequence: number) => `account_id = '${accounts[0]}' AND sequence = ${sequence}`;
  const swap = (a: number, b: number) => [
    `UPDATE audit_event SET sequence = 1000 WHERE ${of(a)}`,
    `UPDATE audit_event SET sequence = ${a} WHERE ${of(b)}`,
    `UPDATE audit_event SET sequence = ${b} WHERE ${of(1000)}`,
  ];

  it.each<[what: string, sql: () => readonly string[], kind: string, sequence: number]>([
    ["the detail of one", () => [`UPDATE audit_event SET detail = 'Nothing happened.' WHERE ${of(5)}`], "edited", 5],
    ["the actor of the first", () => [`UPDATE audit_event SET actor = 'eve' WHERE ${of(1)}`], "edited", 1],
    ["the time of one", () => [`UPDATE audit_event SET at = at + 1 WHERE ${of(7)}`], "edited", 7],
    ["the hash of one", () => [`UPDATE audit_event SET hash = '${"0".repeat(64)}' WHERE ${of(4)}`], "edited", 4],
    ["one into something unreadable", () => [`UPDATE audit_event SET aws_request_ids = '{' WHERE ${of(6)}`], "edited", 6],
    ["its middle: one removed", () => [`DELETE FROM audit_event WHERE ${of(6)}`], "removed", 6],
    [
      "its middle: three removed",
      () => [`DELETE FROM audit_event WHERE account_id = '${accounts[0]}' AND sequence BETWEEN 4 AND 6`],
      "removed",
      4,
    ],
    ["its beginning: removed", () => [`DELETE FROM audit_event WHERE ${of(1)}`], "removed", 1],
    ["its end: the last removed", () => [`DELETE FROM audit_event WHERE ${of(ENTRIES)}`], "removed", ENTRIES],
    [
      "its end: three removed",
      () => [`DELETE FROM audit_event WHERE account_id = '${accounts[0]}' AND sequence > 9`],
      "removed",
      10,
    ],
    ["all of it: removed", () => [`DELETE FROM audit_event WHERE account_id = '${accounts[0]}'`], "removed", 1],
    ["two, swapped", () => swap(3, 4), "moved", 3],
    ["two far apart, swapped", () => swap(2, 11), "moved", 2],
    ["the last, moved beyond the end", () => [`UPDATE audit_event SET sequence = 99 WHERE ${of(ENTRIES)}`], "moved", ENTRIES],
    [
      "one, removed with the gap closed",
      () => [
        `DELETE FROM audit_event WHERE ${of(5)}`,
        ...Array.from({ length: ENTRIES - 5 }, (_, n) => `UPDATE audit_event SET sequence = ${n + 5} WHERE ${of(n + 6)}`),
      ],
      "edited",
      5,
    ],
    [
      "one more, at the end",
      () => [
        `INSERT INTO audit_event SELECT 'aud_x', account_id, ${ENTRIES + 1}, at, actor, action, outcome, subject, detail, aws_request_ids, hash, previous_hash FROM audit_event WHERE ${of(ENTRIES)}`,
      ],
      "added",
      ENTRIES + 1,
    ],
    [
      "one, given to another account",
      () => [`UPDATE audit_event SET account_id = '${accounts[2]}' WHERE ${of(8)}`],
      "removed",
      8,
    ],
    [
      "the recorded end",
      () => [`UPDATE audit_head SET hash = '${"0".repeat(64)}' WHERE account_id = '${accounts[0]}'`],
      "head-edited",
      ENTRIES,
    ],
    ["the recorded end: removed", () => [`DELETE FROM audit_head WHERE account_id = '${accounts[0]}'`], "head-removed", ENTRIES],
    [
      "the end, with the recorded end set back to a wrong hash",
      () => [
        `DELETE FROM audit_event WHERE ${of(ENTRIES)}`,
        `UPDATE audit_head SET sequence = ${ENTRIES - 1} WHERE account_id = '${accounts[0]}'`,
      ],
      "head-edited",
      ENTRIES - 1,
    ],
  ])("%s", async (_what, sql, kind, sequence) => {
    await tamper(file, ...sql());
    const { status, intact, result } = await resultOf(accounts[0] ?? "");
    expect({ status, intact }).toEqual({ status: 1, intact: false });
    expect(result).toMatchObject({ finding: { kind, sequence } });
    const { out } = await verify();
    expect(out).toContain(`${accounts[0]}: entry ${sequence}`);
    expect((await resultOf(accounts[1] ?? "")).result).toMatchObject({ verified: 3, finding: null });
  });

  it("is found although the account's row was removed with it", async () => {
    await tamper(
      file,
      "PRAGMA foreign_keys = OFF",
      `DELETE FROM account WHERE id = '${accounts[0]}'`,
      `DELETE FROM audit_event WHERE account_id = '${accounts[0]}'`,
    );
    expect((await resultOf(accounts[0] ?? "")).result).toMatchObject({ finding: { kind: "removed", sequence: 1 } });
  });
});

describe("the command", () => {
  it.each([
    ["no database", ["audit", "verify"], "--database is missing"],
    ["an empty one", ["audit", "verify", "--database", ""], "--database is missing"],
    ["an unknown option", ["audit", "verify", "--database", "x", "--fast"], "--fast"],
    ["a word too many", ["audit", "verify", "--database", "x", "y"], "y"],
    ["a command that is none", ["audit", "mend"], "audit mend"],
    ["nothing", [], "ekm audit verify"],
  ])("ends with 2 and says how to use it: %s", async (_what, args, text) => {
    const { status, out, error } = await ekm(...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(error).toContain(text);
  });

  it("ends with 2 for an account that is not there", async () => {
    const { status, error } = await verify("--account", "acc_none");
    expect(status).toBe(2);
    expect(error).toContain("acc_none");
  });

  it.each([
    ["is missing", async () => path.join(directory, "none", "none.sqlite"), "ENOENT"],
    ["is a directory", async () => directory, "not a file"],
    [
      "is no database",
      async () => {
        await writeFile(path.join(directory, "text"), "hello ".repeat(1000));
        return path.join(directory, "text");
      },
      "not a database",
    ],
    [
      "is another program's",
      async () => {
        await tamper(path.join(directory, "other"), "CREATE TABLE x (y)");
        return path.join(directory, "other");
      },
      "no such table",
    ],
  ])("ends with 3 when the database %s, and makes nothing", async (_what, database, text) => {
    const { status, out, error } = await ekm("audit", "verify", "--database", await database());
    expect({ status, out }).toEqual({ status: 3, out: "" });
    expect(error).toContain(text);
    await expect(stat(path.join(directory, "none"))).rejects.toThrow("ENOENT");
  });

  it.each([["--help"], ["audit", "verify", "--help"], ["audit", "verify", "-h", "--nonsense"], ["help"]])(
    "explains itself: %s",
    async (...args) => {
      const { status, out } = await ekm(...args);
      expect(status).toBe(0);
      expect(out).toContain("ekm audit verify");
    },
  );

  it("is a process with that exit status, and no progress where nobody watches", { timeout: 60_000 }, async () => {
    expect(await ekmProcess("audit", "verify", "--database", file)).toEqual({
      status: 0,
      out: "3 accounts, 15 entries: all chains are whole\n",
      error: "",
    });
    await tamper(file, `DELETE FROM audit_event WHERE account_id = '${accounts[1]}' AND sequence = 3`);
    const broken = await ekmProcess("audit", "verify", "--database", file);
    expect(broken).toEqual({
      status: 1,
      out: expect.stringContaining(`${accounts[1]}: entry 3: the last entry was removed`),
      error: "",
    });
    expect((await ekmProcess("audit", "verify", "--database", path.join(directory, "none"))).status).toBe(3);
    expect((await ekmProcess("nonsense")).status).toBe(2);
  });
});
