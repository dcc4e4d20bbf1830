import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readXml } from "../../test/support/read-xml.js";
import type { ExperimentResult } from "../runner/result.js";
import { exitStatus } from "../runner/result.js";
import { createReporters, type ReporterOptions } from "./create-reporters.js";
import { githubReport } from "./github.js";
import { htmlReport } from "./html/report.js";
import { jsonReport } from "./json.js";
import { junitReport } from "./junit.js";
import { type Terminal, wrap } from "./spec.js";

const base: ExperimentResult = {
  name: "key-disabled",
  title: 'A title with <brackets> & "quotes"',
  verdict: "as expected",
  expected: "FAILED KEY_DISABLED, then recovers",
  happened: "backup of acme FAILED KEY_DISABLED after 2.1 s; recovered",
  startedAt: 1_767_225_600_000,
  seconds: 8.25,
  steps: [{ phase: "method", text: "disable key main", at: 1_767_225_601_000, seconds: 0.1, outcome: { kind: "held" } }],
  logs: [],
};
const deviated: ExperimentResult = {
  ...base,
  name: "account-suspended",
  verdict: "deviated",
  happened: "method: backup of acme SUCCEEDED,\nstill \u0000 after 5 s 100% \ud800",
  logs: ['worker: {"level":30}'],
};
const failed: ExperimentResult = { ...base, name: "broken", verdict: "harness failed", happened: "given: no answer" };

const terminal: Terminal = { write: () => {}, isTTY: false, hasColours: false, columns: 100 };
const options: ReporterOptions = {
  terminal,
  out: "",
  info: { seed: 1, against: "", software: {} },
  files: new Map(),
  github: { workspace: "/" },
};

describe("exit status", () => {
  it("is 0, 1 for a deviation, and 3 as soon as the harness failed", () => {
    expect([exitStatus([base]), exitStatus([base, deviated]), exitStatus([deviated, failed]), exitStatus([])]).toEqual([
      0, 1, 3, 0,
    ]);
  });
});

const revocation = { job: "r1", act: "off", t0: 1_767_225_602_000, t1: 1_767_225_602_400, t2: 1_767_225_603_000 };
const measured: ExperimentResult = {
  ...base,
  name: "in-flight",
  steps: [
    {
      phase: "method",
      text: "<script>alert(1)</script>",
      at: 1_767_225_602_000,
      seconds: 2,
      outcome: { kind: "held", revocation: { ...revocation, limitMs: 6000, measuredBy: "harness" } },
    },
  ],
};
const broken: ExperimentResult = {
  ...measured,
  name: "too-late",
  verdict: "deviated",
  steps: [
    {
      phase: "method",
      text: "no plaintext",
      at: 1_767_225_602_000,
      seconds: 2,
      outcome: {
        kind: "deviated",
        expected: "no plaintext",
        happened: "plaintext",
        revocation: { ...revocation, t1: undefined, t2: 1_767_225_611_000, limitMs: 6000, measuredBy: "self-reported" },
      },
    },
  ],
};
const info = { seed: 7, against: "stacks of its own", software: { "ekm-sim": "0.1.0" } };

describe("the JUnit report", () => {
  const xml = junitReport([base, deviated, failed, { ...measured, verdict: "skipped" }]);
  const [suites] = readXml(xml);
  const suite = suites?.children[0];
  const cases = suite?.children ?? [];

  it("is a test suite of test cases, counted", () => {
    expect([suites?.name, suite?.name, cases.map(({ name }) => name)]).toEqual([
      "testsuites",
      "testsuite",
      Array(4).fill("testcase"),
    ]);
    expect(suite?.attributes).toMatchObject({ tests: "4", failures: "1", errors: "1", skipped: "1", time: "33.000" });
    expect(suite?.attributes["timestamp"]).toBe("2026-01-01T00:00:00");
    expect(cases[0]?.attributes).toEqual({ classname: "experiments", name: "key-disabled", time: "8.250" });
  });
  it("says for each what was expected and what happened, with at most one verdict in it", () => {
    const verdicts = cases.map(({ children }) => children.filter(({ name }) => /failure|error|skipped/.test(name)));
    expect(verdicts.map((list) => list.map(({ name }) => name))).toEqual([[], ["failure"], ["error"], ["skipped"]]);
    expect(verdicts[1]?.[0]?.attributes["message"]).toBe("method: backup of acme SUCCEEDED,\nstill \ufffd after 5 s 100% \ufffd");
    expect(verdicts[1]?.[0]?.text).toMatch(/^expected: FAILED KEY_DISABLED, then recovers\nhappened: method/);
    expect(verdicts[2]?.[0]?.attributes["message"]).toBe("given: no answer");
  });
  it("keeps texts as they are, and what was measured", () => {
    expect(cases[0]?.children.find(({ name }) => name === "system-out")?.text).toMatch(/^A title with <brackets> & "quotes"\n/);
    const [properties] = cases[3]?.children ?? [];
    expect(properties?.children[0]?.attributes).toEqual({
      name: "revocation.1",
      value: "r1: last plaintext t2-t0 1.0 s after off, first refused call t1-t0 400 ms, t2-t1 600 ms (limit 6.0 s, measured)",
    });
  });
});

describe("the HTML report", () => {
  const html = htmlReport([base, measured, deviated, failed, broken], info);
  it("shows each experiment with its timeline, and how long plaintext went on against the promise", () => {
    expect(html.match(/<div class="timeline"/g)).toHaveLength(5);
    expect(html).toContain("<title>Experiments: 2 as expected, 2 deviated, 1 harness failed, 0 skipped</title>");
    const row = html.split("\n").find((line) => line.startsWith("<tr") && line.includes("in-flight</span>"));
    expect(row?.replace(/<[^>]*>/g, "|").match(/[^|]+/g)).toEqual([
      "in-flight",
      "r1, off",
      "400 ms",
      "600 ms",
      "1.0 s",
      "6.0 s",
      " 17 %",
      "harness",
    ]);
    for (const mark of ["t0", "t1", "t2", "limit"]) expect(html).toContain(`<span class="mark ${mark}"`);
  });
  it("flags a promise that was broken, and what nobody but the product timed", () => {
    const row = html.split("\n").find((line) => line.startsWith("<tr") && line.includes("too-late</span>"));
    expect(row).toContain('<tr class="broken">');
    expect(row).toContain('<span class="flag">self-reported</span>');
    expect(html).toContain('<span class="promise broken"');
  });
  it("is complete in itself, and whatever the texts hold is text", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|\b(src|srcset)=|url\(|@import|https?:/i);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.toContain("\u0000");
  });
});

describe("annotations for GitHub", () => {
  it("are one line each, escaped", () => {
    const text = githubReport([base, deviated, failed]);
    expect(text.trimEnd().split("\n")).toHaveLength(2);
    expect(text).toContain("::error title=account-suspended%3A deviated::");
    expect(text).toContain("100%25");
  });
  it("name file and line of the step that went wrong, and there is a summary", async () => {
    const workspace = await mkdtemp(join(tmpdir(), "ekm-github-"));
    onTestFinished(() => rm(workspace, { recursive: true, force: true }));
    const file = join(workspace, "my,experiments.yaml");
    await writeFile(
      file,
      "name: too-late\ntitle: x\nmethod:\n  - aws: { disableKey: main }\n  # claim\n  - expect: { plaintext: r1 }\n",
    );
    const elsewhere = join(tmpdir(), "elsewhere.yaml");
    const summaryFile = join(workspace, "summary.md");
    const parts: string[] = [];
    const [reporter] = createReporters(["github"], {
      ...options,
      terminal: { ...terminal, write: (more) => parts.push(more) },
      files: new Map([
        ["too-late", file],
        ["broken", elsewhere],
      ]),
      github: { workspace, summaryFile },
    });
    await reporter?.done([base, { ...broken, steps: [...base.steps, ...broken.steps] }, failed]);
    const text = parts.join("");
    expect(text).toContain("::error file=my%2Cexperiments.yaml,line=6,title=too-late%3A deviated::");
    expect(text).toContain("::warning title=broken%3A harness failed::");
    const summary = await readFile(summaryFile, "utf8");
    expect(summary).toContain("1 as expected, 1 deviated, 1 harness failed, 0 skipped");
    expect(summary).toContain("| too-late |  | 9.0 s | 6.0 s **broken** | self-reported |");
  });
});

describe("the other reports", () => {
  it("JSON holds everything", () => {
    expect(JSON.parse(jsonReport([base, deviated], info))).toMatchObject({
      version: 1,
      seed: 7,
      software: { "ekm-sim": "0.1.0" },
      experiments: [{ verdict: "as expected" }, { verdict: "deviated" }],
    });
  });
  it("files go to --out", async () => {
    const out = await mkdtemp(join(tmpdir(), "ekm-reports-"));
    onTestFinished(() => rm(out, { recursive: true, force: true }));
    for (const reporter of createReporters(["junit", "json"], { ...options, out: join(out, "deep") }))
      await reporter.done([base]);
    expect(await readFile(join(out, "deep", "junit.xml"), "utf8")).toContain("testsuites");
    expect(JSON.parse(await readFile(join(out, "deep", "results.json"), "utf8"))).toHaveProperty("experiments");
  });
});

describe("the spec reporter", () => {
  async function print(isTTY: boolean, hasColours = isTTY): Promise<string> {
    const parts: string[] = [];
    const [reporter] = createReporters(["spec"], {
      ...options,
      terminal: { write: (more) => parts.push(more), isTTY, hasColours, columns: 120 },
    });
    const experiment = { name: base.name } as Parameters<NonNullable<typeof reporter>["started"]>[0];
    reporter?.started(experiment);
    reporter?.progress(experiment, "method: disable key main");
    reporter?.finished(base);
    reporter?.finished(deviated);
    await reporter?.done([base, deviated]);
    return parts.join("");
  }
  it("prints a table of experiment, expected, happened and seconds, plain where it is no terminal", async () => {
    const text = await print(false);
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u0000");
    expect(text).toMatch(/experiment +expected +happened +seconds/);
    expect(text).toMatch(/key-disabled +FAILED KEY_DISABLED, then recovers +backup of acme FAILED/);
    expect(text).toContain("1 as expected, 1 deviated, 0 harness failed, 0 skipped");
    expect(text).toContain("worker: {");
  });
  it("shows live progress on a terminal, in colours unless these are not wanted", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    const colours = /\u001b\[\d+m/;
    expect(await print(true)).toContain("key-disabled: method: disable key main");
    expect(await print(true)).toMatch(colours);
    const plain = await print(true, false);
    expect(plain).toContain("key-disabled: method: disable key main");
    expect(plain).not.toMatch(colours);
  });
  it("wraps without losing a character", () => {
    expect(wrap("arn:aws:kms:us-east-1:111122223333:key/abc is long", 12).join("").replaceAll(" ", "")).toBe(
      "arn:aws:kms:us-east-1:111122223333:key/abcislong",
    );
  });
});
