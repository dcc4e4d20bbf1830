// Invariant: an export has all that is needed to verify an account's log without us, in our program or in anybody's; what is done to it
// is named.
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKey, writeKeys, writeSignedLog } from "./signed-log.js";
import { ekm, ekmProcess, tamper, temporaryDirectory } from "./support.js";

const ACCOUNT = "acc_a";
const ENTRIES = 9;
let home: string;
let remove: () => Promise<void>;
let database: string;
let keys: string;
let exported: string;
let lines: readonly string[];
const file = () => path.join(home, "audit.jsonl");

beforeAll(async () => {
  ({ directory: home, remove } = await temporaryDirectory());
  [database, keys, exported] = [path.join(home, "ekm.sqlite"), path.join(home, "keys.json"), path.join(home, "exported")];
  const key = newKey();
  await writeKeys(keys, key);
  await writeSignedLog(
    { database, directory: exported, key },
    [ACCOUNT, "acc_b"],
    [
      [4, 2],
      [5, 1],
    ],
  );
  lines = (await exportLog()).out.split("\n");
});
afterAll(() => remove());

const exportLog = (...args: readonly string[]) => ekm("audit", "export", "--database", database, "--account", ACCOUNT, ...args);
const sequencesOf = (out: string) =>
  out === "" ? [] : out.split("\n").map((line) => (JSON.parse(line) as { sequence: number }).sequence);
async function verify(text: readonly string[], ...args: readonly string[]) {
  await writeFile(file(), `${text.join("\n")}\n`);
  return ekm("audit", "verify", "--file", file(), ...args);
}
const signed = () => ["--checkpoints", exported, "--keys", keys];
async function finding(text: readonly string[], ...args: readonly string[]) {
  const { out } = await verify(text, "--json", ...args);
  const [account] = (JSON.parse(out) as { accounts: { finding: { kind: string; sequence: number } | null }[] }).accounts;
  return account?.finding && `${account.finding.kind} ${account.finding.sequence}`;
}
const change = (n: number, over: Record<string, unknown>) =>
  lines.map((line, at) => (at === n - 1 ? JSON.stringify({ ...JSON.parse(line), ...over }) : line));

describe("an export", () => {
  it("has every entry on a line, and holds by itself and with the checkpoints", async () => {
    expect(sequencesOf(lines.join("\n"))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await verify(lines)).toMatchObject({ status: 0, out: "1 account, 9 entries: all chains are whole" });
    const { status, out } = await verify(lines, ...signed());
    expect(status).toBe(0);
    expect(out).toMatch(/2 checkpoints in 2 rounds, the last of \S+; 0 entries after them/);
  });

  it("brings the account's checkpoints along, and says what is missing without the rounds", async () => {
    const out = path.join(home, "alongside");
    expect((await exportLog("--checkpoints", out)).status).toBe(0);
    const result = await verify(lines, "--checkpoints", out, "--keys", keys);
    expect(result.status).toBe(0);
    expect(result.out).toContain("2 checkpoints; no rounds were given, so removed newest checkpoints would not be seen");
    expect((await exportLog("--checkpoints", out)).status, "nothing is overwritten").toBe(5);
  });

  it.each<[readonly string[], readonly number[]]>([
    [
      ["--from", "3", "--to", "5"],
      [3, 4, 5],
    ],
    [
      ["--from", "8"],
      [8, 9],
    ],
    [
      ["--to", "2"],
      [1, 2],
    ],
    [["--from", "99"], []],
    [
      ["--from", "2026-01-01T00:00:00.003Z", "--to", "2026-01-01T00:00:00.004Z"],
      [3, 4],
    ],
    [["--from", "2027-01-01"], []],
  ])("has a part of the log: %j", async (args, sequences) => {
    const { status, out } = await exportLog(...args);
    expect({ status, sequences: sequencesOf(out) }).toEqual({ status: 0, sequences });
  });

  it("of a part holds as a part, tied to the checkpoint before it, and not as the whole", async () => {
    const part = lines.slice(4, 7);
    expect(await finding(part, "--part", ...signed())).toBeNull();
    expect(await finding(part, ...signed())).toBe("beginning-missing 1");
    expect(await finding(lines.slice(0, 7), ...signed())).toBe("tail-removed 8");
    const other = lines.slice(4, 7).map((line, n) => (n === 0 ? line.replace(/"previousHash":"./, '"previousHash":"!') : line));
    expect(await finding(other, "--part", ...signed())).toBe("rewritten 4");
  });

  it("ends with 2 for an account that is not there or a bound that is none, and 1 for an entry that cannot be read", async () => {
    expect((await ekm("audit", "export", "--database", database, "--account", "acc_none")).status).toBe(2);
    expect((await exportLog("--from", "yesterday")).status).toBe(2);
    const damaged = path.join(home, "damaged.sqlite");
    await writeFile(damaged, await readFile(database));
    await tamper(damaged, `UPDATE audit_event SET aws_request_ids = '{' WHERE account_id = '${ACCOUNT}' AND sequence = 4`);
    const { status, out, error } = await ekm("audit", "export", "--database", damaged, "--account", ACCOUNT);
    expect({ status, sequences: sequencesOf(out) }).toEqual({ status: 1, sequences: [1, 2, 3] });
    expect(error).toContain("entry 4 cannot be read");
  });

  it("is what the process writes to its output", { timeout: 60_000 }, async () => {
    const { status, out } = await ekmProcess("audit", "export", "--database", database, "--account", ACCOUNT);
    expect({ status, out }).toEqual({ status: 0, out: `${lines.join("\n")}\n` });
  });
});

describe("an export that somebody changed", () => {
  const swapped = () => lines.map((line, n) => (n === 2 ? lines[3] : n === 3 ? lines[2] : line) as string);
  it.each<[string, () => readonly string[], string]>([
    ["a detail", () => change(5, { detail: "x" }), "edited 5"],
    ["the first actor", () => change(1, { actor: "eve" }), "edited 1"],
    ["a line that is no JSON", () => lines.map((line, n) => (n === 3 ? "{" : line)), "edited 4"],
    ["a field more", () => change(4, { note: "x" }), "edited 4"],
    ["one removed", () => lines.filter((_, n) => n !== 5), "removed 6"],
    ["the first removed", () => lines.slice(1), "beginning-missing 1"],
    ["two exchanged", swapped, "moved 3"],
    ["one doubled", () => [...lines.slice(0, 4), ...lines.slice(3)], "moved 5"],
    ["the last removed", () => lines.slice(0, -1), "tail-removed 9"],
  ])("%s", async (_what, changed, expected) => {
    expect(await finding(changed(), ...signed())).toBe(expected);
  });

  it("in any field of any entry is named", async () => {
    const fields = [
      "id",
      "at",
      "actor",
      "action",
      "outcome",
      "subject",
      "detail",
      "awsRequestIds",
      "previousHash",
      "hash",
      "accountId",
      "sequence",
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.integer({ min: 2, max: ENTRIES }), async (field, n) => {
        const value = {
          at: "2026-05-05T05:05:05.005Z",
          action: "RESTORE",
          outcome: "FAILED",
          awsRequestIds: ["x"],
          sequence: 77,
        }[field];
        expect(await finding(change(n, { [field]: value ?? "x" }), ...signed())).toMatch(
          new RegExp(`^(edited|removed|moved) ${n}$`),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("the script in docs/audit.md", () => {
  let script: string;
  beforeAll(async () => {
    const page = await readFile(path.join(import.meta.dirname, "../../../docs/audit.md"), "utf8");
    const code = /<!-- script -->\n```python\n([\s\S]*?)```/.exec(page)?.[1];
    script = path.join(home, "verify.py");
    await writeFile(script, code ?? "");
  });
  const run = () => spawnSync("python3", [script, file()], { encoding: "utf8" });

  it("recomputes every hash of an export, and names a line that was changed", async (test) => {
    if (spawnSync("python3", ["--version"]).status !== 0) {
      expect(process.env["EKM_REQUIRE"] ?? "", "EKM_REQUIRE names python3, which is not here").not.toContain("python3");
      test.skip("there is no python3 here");
    }
    await writeFile(file(), `${lines.join("\n")}\n`);
    const last = (JSON.parse(lines.at(-1) ?? "{}") as { hash: string }).hash;
    expect(run()).toMatchObject({ status: 0, stdout: `9 entries, the last hash is ${last}\n` });
    await writeFile(file(), `${change(6, { detail: "x" }).join("\n")}\n`);
    expect(run()).toMatchObject({ status: 1, stderr: "line 6: entry 6 is not as it was written\n" });
  });
});

it.each([
  [["--file", "x", "--database", "y"], "--file is read instead"],
  [["--file", "x", "--account", "y"], "--file is read instead"],
  [["--database", "x", "--part"], "--part belongs to it"],
  [["--database", "x", "--checkpoints", "y"], "belong together"],
  [["--database", "x", "--max-age", "5"], "--max-age needs --checkpoints"],
  [["--file", "x", "--max-age", "soon"], "a number of minutes"],
])("verify ends with 2 for options that do not go together: %j", async (args, text) => {
  const { status, error } = await ekm("audit", "verify", ...args);
  expect(status).toBe(2);
  expect(error).toContain(text);
});

it("verify ends with 5 where export, keys or checkpoints are not there, and with 2 where the keys are none", async () => {
  await writeFile(file(), `${lines.join("\n")}\n`);
  expect((await ekm("audit", "verify", "--file", path.join(home, "none"))).status).toBe(5);
  expect((await verify(lines, "--checkpoints", exported, "--keys", path.join(home, "none"))).status).toBe(5);
  expect((await verify(lines, "--checkpoints", path.join(home, "none"), "--keys", keys)).status).toBe(5);
  expect((await verify(lines, "--checkpoints", exported, "--keys", file())).status).toBe(2);
});
