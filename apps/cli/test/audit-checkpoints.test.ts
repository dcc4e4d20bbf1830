// Invariant: with the exported checkpoints, nothing that is done to the log past the product goes unseen, also where whoever did it made new
// hashes, cut the recorded end too, or put an older database back; nor what is done to the checkpoints themselves; and it is named.
import type { KeyObject } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ed25519Signer, hashEntry } from "@ekm/ekm";
import fc from "fast-check";
import sqlite3 from "sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appendEntries, newKey, writeKeys, writeSignedLog } from "./signed-log.js";
import { ekm, tamper, temporaryDirectory } from "./support.js";

const [A, B] = ["acc_a", "acc_b"];
let home: string;
let remove: () => Promise<void>;
let key: KeyObject;
/** The log as the product left it: A was signed at 4, 8 and 12, B at 3 and 5; one entry of each came later. */
let original: { database: string; exported: string; older: string };
let database: string;
let exported: string;
let keys: string;

beforeAll(async () => {
  ({ directory: home, remove } = await temporaryDirectory());
  key = newKey();
  keys = path.join(home, "keys.json");
  await writeKeys(keys, newKey(), key);
  original = {
    database: path.join(home, "ekm.sqlite"),
    exported: path.join(home, "exported"),
    older: path.join(home, "older.sqlite"),
  };
  const log = { database: original.database, directory: original.exported, key };
  await writeSignedLog(log, [A, B], [[4, 3]]);
  await cp(original.database, original.older);
  await writeSignedLog(
    log,
    [A, B],
    [
      [4, 0],
      [4, 2],
    ],
  );
  for (const account of [A, B]) await appendEntries(original.database, account, 1);
});
afterAll(() => remove());

let run = 0;
beforeEach(async () => {
  run += 1;
  const directory = path.join(home, `run-${run}`);
  await mkdir(directory);
  [database, exported] = [path.join(directory, "ekm.sqlite"), path.join(directory, "exported")];
  await cp(original.database, database);
  await cp(original.exported, exported, { recursive: true });
});

interface Report {
  intact: boolean;
  rounds?: { findings: { kind: string; round: number }[] };
  accounts: {
    accountId: string;
    finding: { kind: string; sequence: number } | null;
    checkpoints?: { verified: number; covered: number; findings: { kind: string; sequence: number }[] };
  }[];
}
const verify = (...args: readonly string[]) =>
  ekm("audit", "verify", "--database", database, "--checkpoints", exported, "--keys", keys, ...args);
/** All that was found, each as `where kind number`. */
async function found(...args: readonly string[]): Promise<readonly string[]> {
  const { status, out } = await verify("--json", ...args);
  const report = JSON.parse(out) as Report;
  const all = [
    ...(report.rounds?.findings ?? []).map(({ kind, round }) => `round ${kind} ${round}`),
    ...report.accounts.flatMap(({ accountId, finding, checkpoints }) => [
      ...(finding ? [`${accountId} ${finding.kind} ${finding.sequence}`] : []),
      ...(checkpoints?.findings ?? []).map(({ kind, sequence }) => `${accountId} ${kind} ${sequence}`),
    ]),
  ];
  expect({ status, intact: report.intact }).toEqual({ status: all.length === 0 ? 0 : 1, intact: all.length === 0 });
  return all;
}
const file = (account: string, sequence: number) =>
  path.join(exported, "audit-checkpoints", account, `${String(sequence).padStart(12, "0")}.jws`);
const roundFile = (n: number) => file("rounds", n);

const all = <T>(sql: string): Promise<T[]> =>
  new Promise((resolve, reject) => {
    const db = new sqlite3.Database(database);
    db.all(sql, (error, rows) => db.close(() => (error ? reject(error) : resolve(rows as T[]))));
  });
interface Row {
  id: string;
  account_id: string;
  sequence: number;
  at: number;
  actor: string;
  action: "BACKUP";
  outcome: "DONE";
  subject: string | null;
  detail: string;
  aws_request_ids: string;
}
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** Writes a chain anew from an entry on, with right hashes and a right recorded end, as somebody who knows everything but the key. */
async function rewrite(account: string, change: (row: Row) => Row | null): Promise<void> {
  const rows = await all<Row>(`SELECT * FROM audit_event WHERE account_id = '${account}' ORDER BY sequence`);
  const statements = [
    `DELETE FROM audit_event WHERE account_id = '${account}'`,
    `DELETE FROM audit_head WHERE account_id = '${account}'`,
  ];
  let previousHash = "0".repeat(64);
  let sequence = 0;
  for (const row of rows.flatMap((one) => change(one) ?? [])) {
    sequence += 1;
    const event = {
      ...{
        id: row.id,
        accountId: account,
        sequence,
        at: new Date(row.at),
        actor: row.actor,
        action: row.action,
        outcome: row.outcome,
      },
      ...(row.subject === null ? {} : { subject: row.subject }),
      ...{ detail: row.detail, awsRequestIds: JSON.parse(row.aws_request_ids) as string[], previousHash },
    };
    const hash = hashEntry(event);
    const values = [
      row.id,
      account,
      sequence,
      row.at,
      row.actor,
      row.action,
      row.outcome,
      row.subject,
      row.detail,
      row.aws_request_ids,
    ];
    const sql = [...values, hash, previousHash].map((value) =>
      value === null ? "NULL" : typeof value === "number" ? String(value) : quoted(value),
    );
    statements.push(
      `INSERT INTO audit_event (id, account_id, sequence, at, actor, action, outcome, subject, detail, aws_request_ids, hash, previous_hash) VALUES (${sql.join(", ")})`,
    );
    previousHash = hash;
  }
  if (sequence > 0)
    statements.push(`INSERT INTO audit_head (account_id, sequence, hash) VALUES ('${account}', ${sequence}, '${previousHash}')`);
  await tamper(database, ...statements);
}

it("a log that is as it was written holds, and says how far its checkpoints reach", async () => {
  expect(await found()).toEqual([]);
  const { out } = await verify();
  expect(out).toContain("2 accounts, 19 entries: all chains are whole");
  expect(out).toMatch(/5 checkpoints in 3 rounds, the last of \S+; 2 entries after them, proved by the chain alone/);
  expect(await found("--account", A)).toEqual([]);
});

describe("a log that somebody changed who can compute hashes", () => {
  it.each<[string, () => Promise<void>, readonly string[]]>([
    [
      "an entry edited, the whole chain written anew",
      () => rewrite(A, (row) => (row.sequence === 6 ? { ...row, detail: "x" } : row)),
      [`${A} rewritten 8`],
    ],
    [
      "the first entry edited",
      () => rewrite(A, (row) => (row.sequence === 1 ? { ...row, actor: "eve" } : row)),
      [`${A} rewritten 4`],
    ],
    [
      "an entry removed, the numbers closed up",
      () => rewrite(A, (row) => (row.sequence === 10 ? null : row)),
      [`${A} rewritten 12`],
    ],
    [
      "the tail and the recorded end removed",
      () => rewrite(A, (row) => (row.sequence > 9 ? null : row)),
      [`${A} tail-removed 10`],
    ],
    [
      "the tail removed up to the last checkpoint but one",
      () => rewrite(B, (row) => (row.sequence > 3 ? null : row)),
      [`${B} tail-removed 4`],
    ],
    ["a whole log removed with its end", () => rewrite(B, () => null), [`${B} account-removed 1`]],
    [
      "an account removed from every table",
      () =>
        tamper(
          database,
          "PRAGMA foreign_keys = OFF",
          ...["audit_event", "audit_head", "audit_checkpoint"].map((table) => `DELETE FROM ${table} WHERE account_id = '${B}'`),
          `DELETE FROM account WHERE id = '${B}'`,
        ),
      [`${B} account-removed 1`, `${B} row-removed 3`],
    ],
  ])("%s", async (_what, change, findings) => {
    await change();
    expect((await ekm("audit", "verify", "--database", database)).status, "the chain alone does not show it").toBe(0);
    expect(await found()).toEqual(findings);
  });

  it("two entries swapped, the chain written anew", async () => {
    const rows = await all<Row>(`SELECT * FROM audit_event WHERE account_id = '${A}' ORDER BY sequence`);
    await rewrite(A, (row) => {
      if (row.sequence !== 6 && row.sequence !== 7) return row;
      return { ...(rows[row.sequence === 6 ? 6 : 5] as Row) };
    });
    expect((await ekm("audit", "verify", "--database", database)).status).toBe(0);
    expect(await found()).toEqual([`${A} rewritten 8`]);
  });

  it("an older copy of the database", async () => {
    for (const suffix of ["", "-wal", "-shm"]) await rm(`${database}${suffix}`, { force: true });
    await cp(original.older, database);
    expect((await ekm("audit", "verify", "--database", database)).status).toBe(0);
    expect(await found()).toEqual([
      "round row-removed 2",
      `${A} tail-removed 5`,
      `${A} row-removed 8`,
      `${B} tail-removed 4`,
      `${B} row-removed 5`,
    ]);
    expect((await verify()).out).toContain("the database ends with round 1, the export with 3: it is an older copy");
  });

  it("what came after the last checkpoint is proved by the chain alone, and that is said", async () => {
    await rewrite(A, (row) => (row.sequence === 13 ? { ...row, detail: "x" } : row));
    expect(await found()).toEqual([]);
    expect((await verify()).out).toContain("2 entries after them, proved by the chain alone");
  });
});

describe("any single edit", () => {
  const COLUMNS = {
    id: (n: number) => `'aud_${n}'`,
    account_id: () => `'acc_other'`,
    sequence: (n: number) => String(1000 + n),
    at: (n: number) => `at + ${n + 1}`,
    actor: (n: number) => `actor || '${n}'`,
    action: () => "'RESTORE'",
    outcome: () => "'FAILED'",
    subject: (n: number) => `'s${n}'`,
    detail: (n: number) => `detail || ' ${n}'`,
    aws_request_ids: (n: number) => `'["x${n}"]'`,
    hash: (n: number) => `'${String(n).padStart(64, "0")}'`,
    previous_hash: (n: number) => `'${String(n).padStart(64, "1")}'`,
  };
  const entries = [
    ...Array.from({ length: 12 }, (_, n) => [A, n + 1] as const),
    ...Array.from({ length: 5 }, (_, n) => [B, n + 1] as const),
  ];

  it("of a column of an entry is found, and the entry is named", { timeout: 120_000 }, async () => {
    const columns = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...columns),
        fc.constantFrom(...entries),
        fc.nat(999),
        async (column, [account, sequence], n) => {
          await cp(original.database, database);
          await tamper(
            database,
            "PRAGMA foreign_keys = OFF",
            `UPDATE audit_event SET ${column} = ${COLUMNS[column](n)} WHERE account_id = '${account}' AND sequence = ${sequence}`,
          );
          const findings = await found();
          expect(
            findings.some((finding) => new RegExp(`^${account} (edited|removed|moved) ${sequence}$`).test(finding)),
            findings.join(),
          ).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of a byte of an exported file is found, and the file is named", { timeout: 120_000 }, async () => {
    const names = (await readdir(original.exported, { recursive: true })).filter((name) => name.endsWith(".jws"));
    expect(names).toHaveLength(8);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.constantFrom(..."Aa0_."), async (name, place, letter) => {
        const text = await readFile(path.join(original.exported, name), "utf8");
        const at = place % text.length;
        // The last letter of base64 has bits that mean nothing.
        fc.pre(text[at] !== letter && at < text.length - 1);
        await writeFile(path.join(exported, name), text.slice(0, at) + letter + text.slice(at + 1));
        const [where, n] = name.replace("audit-checkpoints/", "").replace(".jws", "").split("/");
        const expected = `${where === "rounds" ? "round round" : `${where} checkpoint`}-(edited|foreign) ${Number(n)}$`;
        const findings = await found();
        await writeFile(path.join(exported, name), text);
        expect(
          findings.some((finding) => new RegExp(`^${expected}`).test(finding)),
          findings.join(),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("checkpoints that somebody changed", () => {
  const resign = async (name: string, over: Record<string, unknown>, by: KeyObject) => {
    const claims = Object.fromEntries(Object.entries(payloadOf(await readFile(name, "utf8"))));
    await writeFile(name, await ed25519Signer(by).sign({ ...claims, ...over }));
  };
  const payloadOf = (jws: string) => JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString()) as object;

  it.each<[string, () => Promise<unknown>, readonly string[]]>([
    ["one removed", () => unlink(file(A, 8)), [`${A} checkpoint-removed 8`]],
    ["the newest removed", () => unlink(file(B, 5)), [`${B} checkpoint-removed 5`]],
    [
      "all of an account removed",
      () => rm(path.dirname(file(B, 5)), { recursive: true }),
      [`${B} checkpoint-removed 3`, `${B} checkpoint-removed 5`],
    ],
    ["one signed by somebody else", () => resign(file(A, 8), {}, newKey()), [`${A} checkpoint-foreign 8`]],
    [
      "one replaced by another that we signed",
      () => resign(file(A, 8), { hash: "a".repeat(64) }, key),
      [`${A} rewritten 8`, `${A} checkpoint-replaced 8`],
    ],
    [
      "one put in another's place",
      () => rename(file(A, 8), file(A, 4)),
      [`${A} checkpoint-misplaced 4`, `${A} checkpoint-removed 8`],
    ],
    ["one of another account's", () => cp(file(A, 4), file(B, 3)), [`${B} checkpoint-misplaced 3`]],
    [
      "one too many",
      () => cp(file(A, 4), file(A, 6)).then(() => resign(file(A, 6), { sequence: 6 }, key)),
      [`${A} rewritten 6`, `${A} checkpoint-unlisted 6`],
    ],
    ["a round removed", () => unlink(roundFile(2)), ["round round-removed 2", `${A} checkpoint-unlisted 8`]],
    [
      "a round replaced",
      () => resign(roundFile(2), { at: "2026-01-01T00:00:00.000Z" }, key),
      ["round round-replaced 3", "round row-edited 2"],
    ],
    [
      "a round put in another's place",
      () => cp(roundFile(1), roundFile(2)),
      ["round round-misplaced 2", "round round-replaced 3", `${A} checkpoint-unlisted 8`],
    ],
    ["all rounds removed", () => rm(path.dirname(roundFile(1)), { recursive: true }), ["round round-removed 1"]],
    [
      "a row removed",
      () => tamper(database, `DELETE FROM audit_checkpoint WHERE account_id = '${A}' AND sequence = 8`),
      [`${A} row-removed 8`],
    ],
    [
      "a row edited",
      () => tamper(database, `UPDATE audit_checkpoint SET jws = 'x' WHERE account_id = '${A}' AND sequence = 8`),
      [`${A} row-edited 8`],
    ],
    [
      "a round's row removed",
      () => tamper(database, "PRAGMA foreign_keys = OFF", "DELETE FROM audit_round WHERE round = 2"),
      ["round row-removed 2"],
    ],
    ["two histories", () => cp(file(A, 8), file(A, 8).replace(".jws", ".0123456789abcdef.jws")), [`${A} checkpoint-forked 8`]],
  ])("%s", async (_what, change, findings) => {
    await change();
    const seen = await found();
    expect(seen).toEqual(expect.arrayContaining([...findings]));
  });

  it("a checkpoint and everything after it removed everywhere: the rounds that are left behind are too old", async () => {
    await unlink(file(A, 12));
    await unlink(file(B, 5));
    await unlink(roundFile(3));
    await tamper(
      database,
      "PRAGMA foreign_keys = OFF",
      "DELETE FROM audit_checkpoint WHERE round = 3",
      "DELETE FROM audit_round WHERE round = 3",
    );
    await rewrite(A, (row) => (row.sequence > 8 ? null : row));
    expect(await found(), "what is gone from everywhere is seen by its age alone").toEqual([]);
    // Rounds are signed in time also when nothing happens.
    expect(await found("--max-age", "60")).toEqual(["round rounds-late 3"]);
  });
});
