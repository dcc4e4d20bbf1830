// docs/experiments.md shows every word of the language, and every example in it is read by the language as it is.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatProblem, parseExperiment } from "../src/experiments/parse.js";
import { POLICY_NAMES } from "../src/policies/key-policies.js";
import { KEY_KINDS } from "../src/runner/given/kinds.js";
import { given } from "../src/runner/given/schema.js";
import { AWS_ACTS } from "../src/runner/steps/aws-step.js";
import { CLOCK_ACTS } from "../src/runner/steps/clock-step.js";
import { DB_ACTS } from "../src/runner/steps/db-step.js";
import { DO_OPERATIONS } from "../src/runner/steps/do/operations.js";
import { EXPECTATIONS } from "../src/runner/steps/expect/expectations.js";
import { STEP_KINDS, stepSchema } from "../src/runner/steps/registry.js";
import { chosen } from "../src/runner/steps/step.js";
import { STORE_ACTS } from "../src/runner/steps/store-step.js";

const text = await readFile(fileURLToPath(new URL("../../../docs/experiments.md", import.meta.url)), "utf8");
const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
const values = blocks.map((block) => ({ block, value: parse(block) as unknown }));
const steps = values.flatMap(({ value }) => (Array.isArray(value) ? (value as object[]) : []));

type Keyed = { readonly key: string };
/** What is written under that key in the examples, by its own first key that is one of these. */
const shown = (key: string, among: readonly Keyed[]): string[] =>
  steps.flatMap((step) => {
    const written = (step as Readonly<Record<string, unknown>>)[key];
    return typeof written === "object" && written !== null && chosen(STEP_KINDS, step).key === key
      ? [chosen(among, written).key]
      : [];
  });
const names = (list: readonly Keyed[]): string[] => list.map(({ key }) => key).sort();

describe("docs/experiments.md", () => {
  it("has examples that are read as they stand", () => {
    expect(blocks.length).toBeGreaterThan(10);
    for (const { block, value } of values) {
      if (Array.isArray(value))
        for (const step of value) expect(stepSchema.safeParse(step).error, JSON.stringify(step)).toBeUndefined();
      else if ("name" in (value as object)) {
        const parsed = parseExperiment(block, "docs/experiments.md");
        expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toEqual([]);
      } else expect(given.safeParse((value as { given: unknown }).given).error).toBeUndefined();
    }
  });

  it("shows every kind of step", () => {
    expect([...new Set(steps.map((step) => chosen(STEP_KINDS, step).key))].sort()).toEqual(names(STEP_KINDS));
  });

  it.each([
    ["do", DO_OPERATIONS],
    ["aws", AWS_ACTS],
    ["store", STORE_ACTS],
    ["db", DB_ACTS],
    ["clock", CLOCK_ACTS],
    ["expect", EXPECTATIONS],
  ] as const)("shows everything that can stand under %s", (key, list) => {
    expect([...new Set(shown(key, list))].sort()).toEqual(names(list));
  });

  it("names every kind of key and every policy", () => {
    for (const name of [...KEY_KINDS, ...POLICY_NAMES]) expect(text).toMatch(new RegExp(`[\`: ]${name}[\`, ]`));
  });
});
