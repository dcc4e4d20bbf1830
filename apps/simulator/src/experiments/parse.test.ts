import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { EXPERIMENT_SCHEMA } from "../paths.js";
import { loadCatalogue } from "./catalogue.js";
import { experimentJsonSchema } from "./json-schema.js";
import { formatProblem, parseExperiment } from "./parse.js";

const HEAD = `name: x
title: x
given:
  keys: { main: {} }
  accounts: { acme: { key: main } }
`;
const problems = (text: string): string[] => {
  const parsed = parseExperiment(text, "x.yaml");
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
};
const inMethod = (step: string): string[] => problems(`${HEAD}method:\n  - ${step}\n`);

describe("reading an experiment", () => {
  it("fills in what may be left out", () => {
    const parsed = parseExperiment(`${HEAD}method:\n  - aws: { disableKey: main }\n`, "x.yaml");
    expect(parsed).toMatchObject({
      ok: true,
      experiment: {
        isolation: "account",
        outcome: "recovers",
        given: {
          product: { leaseSeconds: 5, healthIntervalSeconds: 5 },
          keys: { main: { account: "customer", kind: "symmetric", policy: "grant-template" } },
          accounts: { acme: { ekm: "none", backups: 0, data: { kind: "salesforce-export", size: 20_000_000 } } },
        },
      },
    });
  });

  it.each([
    ["aws: { disableKei: main }", 'x.yaml:7:5: method[0].aws: unknown "disableKei"; expected one of disableKey, enableKey'],
    ["aws: { disableKey: 5 }", "x.yaml:7:12: method[0].aws.disableKey: Invalid input: expected string"],
    ["aws: { disableKey: mian }", 'x.yaml:7:12: method[0].aws.disableKey: no key is named "mian" (there is main)'],
    ["do: { startBackup: acme, colour: red }", 'x.yaml:7:30: method[0].do.colour: unknown field "colour"'],
    ["do: { startBackup: acme, maxBytesPerSecond: 2 }", "x.yaml:7:30: method[0].do.maxBytesPerSecond: Invalid input"],
    ["wait: 5 parsecs", "x.yaml:7:5: method[0].wait: expected a span such as 5s"],
    ["wait: { job: r1, bytesDone: 150% }", "x.yaml:7:22: method[0].wait.bytesDone: expected a percentage such as 25%, or a size"],
    ["nothing: true", 'x.yaml:7:5: method[0]: unknown "nothing"; expected one of do, eventually, aws'],
    ["expect: { job: r1, status: FAILED }", 'x.yaml:7:15: method[0].expect.job: no label is named "r1"'],
    ["eventually: { do: { startBackup: acme }, expect: { job: FAILED } }", "x.yaml:7:5: method[0].eventually.within: "],
    ["do: { startBackup: acme, as: lease }", 'x.yaml:7:30: method[0].do.as: "lease" is a span\'s name'],
  ])("names file, line and field of the mistake in %s", (step, message) => {
    const found = inMethod(step);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it.each([
    ["process: { kill: worker }", "x.yaml:7:5: method[0]: everybody on the stack feels this"],
    ["aws: { closeAccount: vendor }", "x.yaml:7:5: method[0]: everybody on the stack feels this"],
    ["store: { repair: hurt }", 'x.yaml:7:14: method[0].store.repair: no label is named "hurt"'],
    ["db: { unlok: held }", 'x.yaml:7:5: method[0].db: unknown "unlok"; expected one of lock, unlock'],
    ["clock: { advance: tomorrow, by: 1d }", "x.yaml:7:14: method[0].clock.advance: Invalid option"],
    ["aws: { revokeGrant: g1 }", 'x.yaml:7:12: method[0].aws.revokeGrant: no label is named "g1"'],
    ["do: { validateKmsKey: acme, key: main, keyArn: x }", "x.yaml:7:33: method[0].do.key: expected either `key` or `keyArn`"],
    ["expect: { unaffected: acne }", 'x.yaml:7:15: method[0].expect.unaffected: no account is named "acne"'],
  ])("names what does not go with the rest of the file in %s", (step, message) => {
    const found = inMethod(step);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it("knows what a replica, a full disk and an ending need", () => {
    const with_ = (given: string, step: string, more = "") =>
      problems(`name: x\ntitle: x\nisolation: stack\n${more}given: ${given}\nmethod:\n  - ${step}\n`).join();
    const keys = "{ keys: { copy: { kind: replica, of: main, region: eu-west-1 }, main: { kind: multi-region } } }";
    expect(with_(keys, "wait: 1s")).toContain("given.keys.copy.of: expected a key of kind multi-region that stands before");
    expect(with_("{}", "store: { fill: full }")).toContain("method[0].store.fill: there is no disk to fill");
    expect(with_("{ product: { storeSize: 20MB } }", "store: { fill: full }")).toBe("");
    expect(with_("{}", "wait: 1s", "outcome: unrecoverable\n")).toContain("outcome: an unrecoverable outcome needs `promised`");
    expect(with_("{}", "wait: 1s", "promised: [ { wait: 1s } ]\n")).toContain(
      "promised: only where the outcome is unrecoverable",
    );
    expect(with_("{}", "wait: 1s", "outcome: unrecoverable\npromised: [ { wait: 1s } ]\n")).toBe("");
  });

  it("reports every mistake at once", () => {
    expect(problems("title: x\ntags: 5\ngiven: { keys: { main: { kind: asymetric } } }\nmethod: []\n")).toHaveLength(4);
  });

  it("reports mistakes of the syntax with their place, and a key that is there twice", () => {
    expect(problems("name: x\nname: y\n")[0]).toContain("x.yaml:2:1: Map keys must be unique");
    expect(problems("name: [\n")[0]).toMatch(/^x\.yaml:\d+:\d+: /);
  });

  it("refuses a file that is too large, and one that expands without bound", () => {
    expect(problems(`# ${"x".repeat(300_000)}`)[0]).toContain("larger than 256 KiB");
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefgh".split("").map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(9)}]`),
    ];
    expect(problems(bomb.join("\n"))[0]).toContain("alias");
  });
});

describe("the catalogue", () => {
  it("has no mistake and no name twice", async () => {
    const { experiments, problems: found } = await loadCatalogue();
    expect(found.map(formatProblem)).toEqual([]);
    expect(new Set(experiments.map(({ name }) => name)).size).toBe(experiments.length);
    expect(experiments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["happy-path", "key-disabled", "account-suspended", "key-policy-revoked"]),
    );
  });

  it("ships the JSON Schema of the language as it is: write it anew with `ekm-sim schema`", async () => {
    expect(JSON.parse(await readFile(EXPERIMENT_SCHEMA, "utf8"))).toEqual(JSON.parse(experimentJsonSchema()));
  });
});
