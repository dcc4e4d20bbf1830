// Invariant: a change of the schema that could break a client stops the build, each by its name, until somebody gives a reason.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "./support/temporary-directory.js";

const root = path.resolve(import.meta.dirname, "..", "..", "..");
const DESCRIBED = readFileSync(path.join(root, "apps", "gateway", "schema.graphql"), "utf8");
const COMMITTED = DESCRIBED.replace(/ *"""[\s\S]*?"""\n/g, "");

let directory: string;
const at = (name: string) => path.join(directory, name);
beforeEach(async () => {
  directory = await temporaryDirectory("schema-diff");
  writeFileSync(at("released.graphql"), COMMITTED);
});

function diff(schema: string, ...more: readonly string[]) {
  writeFileSync(at("schema.graphql"), schema);
  const files = ["--schema", at("schema.graphql"), "--released", at("released.graphql"), "--log", at("log.md")];
  const done = spawnSync(process.execPath, [path.join(root, "scripts", "schema-diff.mjs"), ...files, ...more], {
    encoding: "utf8",
  });
  return { status: done.status, said: done.stdout + done.stderr };
}

/** The committed schema with one place changed; the place must be there. */
function changed(from: string | RegExp, to: string): string {
  const schema = COMMITTED.replace(from, to);
  expect(schema).not.toBe(COMMITTED);
  return schema;
}

const BREAKING: readonly [what: string, from: string | RegExp, to: string, told: string][] = [
  ["a removed field", /\n {2}keyLock: KeyLock\n/, "\n", "FIELD_REMOVED: Account.keyLock was removed"],
  [
    "a renamed enum value",
    /\n {2}QUEUED\n/,
    "\n  WAITING\n",
    "VALUE_REMOVED_FROM_ENUM: QUEUED was removed from enum type JobStatus",
  ],
  ["a new required argument", "backup: Backup!\n", "backup(as: String!): Backup!\n", "REQUIRED_ARG_ADDED: A required arg as on"],
  [
    "a new required input field",
    "input StartBackupInput {",
    "input StartBackupInput {\n  why: String!",
    "REQUIRED_INPUT_FIELD_ADDED: A required field why on input type StartBackupInput",
  ],
  [
    "a changed type",
    /\n {2}bytesDone: BigInt!\n/,
    "\n  bytesDone: Int!\n",
    "FIELD_CHANGED_KIND: JobProgress.bytesDone changed type from BigInt! to Int!",
  ],
  [
    "a field that may be null now",
    /\n {2}restorable: Boolean!\n/,
    "\n  restorable: Boolean\n",
    "FIELD_CHANGED_KIND: Backup.restorable changed type from Boolean! to Boolean",
  ],
  [
    "an argument that must be given now",
    /\n {4}filter: AccountFilter\n/,
    "\n    filter: AccountFilter!\n",
    "ARG_CHANGED_KIND: Query.accounts arg filter has changed type from AccountFilter to AccountFilter!",
  ],
  ["a removed argument", /\n {4}filter: AccountFilter\n/, "\n", "ARG_REMOVED: Query.accounts arg filter was removed"],
  [
    "an interface that is no longer implemented",
    "type Backup implements Node {",
    "type Backup {",
    "IMPLEMENTED_INTERFACE_REMOVED: Backup no longer implements interface Node",
  ],
];

describe("the schema diff", () => {
  it.each(BREAKING)("stops %s", (_what, from, to, told) => {
    const { status, said } = diff(changed(from, to));
    expect(said).toContain(told);
    expect(status).toBe(1);
    expect(existsSync(at("log.md"))).toBe(false);
  });

  it.each([
    ["the schema as it was released", COMMITTED],
    ["a new field", COMMITTED.replace("type Viewer {", "type Viewer {\n  mood: String")],
    ["a new type and enum value", `${COMMITTED.replace(/\n {2}QUEUED\n/, "\n  QUEUED\n  NAPPING\n")}\ntype Extra { id: ID! }`],
    [
      "a new optional argument",
      COMMITTED.replace(/\n {4}filter: AccountFilter\n/, "\n    filter: AccountFilter\n    by: String\n"),
    ],
    ["other descriptions", DESCRIBED],
  ])("lets %s pass", (_what, schema) => {
    const { status, said } = diff(schema);
    expect(said).toContain("nothing breaks");
    expect(status).toBe(0);
  });

  it("lets clients be promised what was added, from when on it is kept", () => {
    const more = COMMITTED.replace("type Viewer {", "type Viewer {\n  mood: String");
    expect(diff(more, "--release").status).toBe(0);
    expect(diff(COMMITTED)).toMatchObject({ status: 1, said: expect.stringContaining("FIELD_REMOVED: Viewer.mood was removed") });
  });

  it("releases nothing that breaks without a reason, and writes the reason down", () => {
    const less = changed(/\n {2}keyLock: KeyLock\n/, "\n");
    expect(diff(less, "--release").status).toBe(1);
    for (const reason of ["", " ", "two\nlines", "x".repeat(501)]) expect(diff(less, "--accept", reason).status).toBe(2);
    expect(readFileSync(at("released.graphql"), "utf8")).toBe(COMMITTED);

    expect(diff(less, "--accept", "Nobody uses locks.", "--date", "2026-01-05").status).toBe(0);
    expect(diff(less).status).toBe(0);
    const least = less.replace(/\n {2}QUEUED\n/, "\n");
    expect(diff(least, "--accept", "Nothing waits any more.", "--date", "2026-01-06").status).toBe(0);
    const log = readFileSync(at("log.md"), "utf8");
    expect(log).toContain("## 2026-01-05\n\nNobody uses locks.\n\n- FIELD_REMOVED: Account.keyLock was removed.");
    expect(log.indexOf("2026-01-06")).toBeLessThan(log.indexOf("2026-01-05"));
    expect(log.match(/^# /gm)).toHaveLength(1);
  });

  it("has no use for a reason when nothing breaks, nor for a file that is no schema", () => {
    expect(diff(COMMITTED, "--accept", "just so").status).toBe(2);
    expect(diff("type Query {").status).toBe(2);
    expect(diff(COMMITTED, "--what").status).toBe(2);
  });

  it("finds nothing that breaks in what is committed", () => {
    const { status, stdout } = spawnSync(process.execPath, [path.join(root, "scripts", "schema-diff.mjs")], { encoding: "utf8" });
    expect(stdout).not.toContain("BREAKS");
    expect(status).toBe(0);
  });
});
