// Invariant: the catalogue is whole. Every experiment goes through failure to recovery or says what is still promised, and every error
// code of the contract is proven by one, or is named here with the reason why none can.
import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCatalogue } from "../src/experiments/catalogue.js";
import { formatProblem } from "../src/experiments/parse.js";
import type { Experiment } from "../src/experiments/schema.js";
import { EXPERIMENTS } from "../src/paths.js";

const TAGS = [
  "core",
  "key-state",
  "external-key",
  "policy",
  "account",
  "vendor",
  "network",
  "visibility",
  "in-flight",
  "rotation",
  "lifecycle",
  "lock",
  "events",
  "isolation",
  "probing",
  "storage",
  "process",
  "slow",
];

const NOT_PROVEN: Readonly<Record<string, string>> = {
  SOURCE_NOT_FOUND: "a backup names the source that its account registered; the API's own tests ask for another",
  REQUEST_IN_PROGRESS: "takes two equal requests at the same instant; steps come one after another",
  JOB_CONFLICT: "takes two changes at the same instant; steps come one after another",
  AWS_ACCOUNT_SUSPENDED: "reserved: no answer of AWS tells it, and account-suspended shows what is answered instead",
  KEY_MISMATCH: "AWS would have to describe another key than was named; the simulated one cannot",
  SOURCE_UNAVAILABLE: "no step takes a source away; the worker's own tests do",
};

let experiments: readonly Experiment[] = [];
let codes: readonly string[] = [];
beforeAll(async () => {
  const loaded = await loadCatalogue();
  expect(loaded.problems.map(formatProblem)).toEqual([]);
  experiments = loaded.experiments;
  const contract = await readFile(new URL("../../gateway/contract/schema.graphql", import.meta.url), "utf8");
  const body = /enum ErrorCode \{([^}]*)\}/.exec(contract)?.[1] ?? "";
  codes = body
    .split("\n")
    .filter((line) => !line.trim().startsWith("#"))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== "");
});

/** The codes that an experiment expects, wherever it says so: as a code, a refusal, a check's verdict or a warning. */
function expectedBy({ method, promised }: Experiment): ReadonlySet<string> {
  const words = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") for (const word of value.split(" ")) words.add(word);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) if (key !== "fault") visit(inner);
  };
  visit([method, promised]);
  return new Set(codes.filter((code) => words.has(code)));
}

describe("the catalogue", () => {
  it("holds a hundred experiments, few of them slow", () => {
    expect(experiments.length).toBeGreaterThanOrEqual(100);
    expect(experiments.filter(({ tags }) => tags.includes("slow")).length).toBeLessThanOrEqual(5);
  });

  it("names each by its file, and tells them apart by title", async () => {
    const files = (await readdir(EXPERIMENTS)).filter((file) => file.endsWith(".yaml"));
    expect(experiments.map(({ name }) => `${name}.yaml`).sort()).toEqual(files.sort());
    expect(new Set(experiments.map(({ title }) => title)).size).toBe(experiments.length);
  });

  it("tags each with what it is about, and says what each proves", () => {
    expect([...new Set(experiments.flatMap(({ tags }) => tags))].filter((tag) => !TAGS.includes(tag))).toEqual([]);
    const aboutNothing = experiments.filter(({ tags }) => tags.every((tag) => tag === "core" || tag === "slow"));
    expect(aboutNothing.map(({ name }) => name)).toEqual([]);
    expect(experiments.filter(({ proves }) => proves.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it("goes through failure to recovery, or says what is still promised", () => {
    const wanting = experiments.filter((experiment) =>
      experiment.outcome === "recovers" ? experiment["steady-state"].length === 0 : experiment.promised.length === 0,
    );
    expect(wanting.map(({ name }) => name)).toEqual([]);
  });

  it("proves every error code, but for those of which none can", () => {
    const proven = new Set(experiments.flatMap((experiment) => [...expectedBy(experiment)]));
    expect(codes.filter((code) => !proven.has(code))).toEqual(Object.keys(NOT_PROVEN));
  });
});
