import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ExperimentResult } from "../runner/result.js";
import { exitStatus } from "../runner/result.js";
import { createReporters } from "./create-reporters.js";
import { githubReport } from "./github.js";
import { htmlReport } from "./html/report.js";
import { jsonReport } from "./json.js";
import { junitReport } from "./junit.js";
import { wrap } from "./spec.js";

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

describe("exit status", () => {
  it("is 0, 1 for a deviation, and 3 as soon as the harness failed", () => {
    expect([exitStatus([base]), exitStatus([base, deviated]), exitStatus([deviated, failed]), exitStatus([])]).toEqual([
      0, 1, 3, 0,
    ]);
  });
});

describe("the JUnit report", () => {
  const xml = junitReport([base, deviated, failed]);
  it("counts, and says for each what was expected and what happened", () => {
    expect(xml).toContain('<testsuite name="experiments" tests="3" failures="1" errors="1" skipped="0" time="24.750">');
    expect(xml).toContain('<testcase classname="experiments" name="key-disabled" time="8.250">');
    expect(xml).toMatch(/<failure message="method: backup of acme SUCCEEDED,&#10;still � after 5 s 100% �">/);
    expect(xml).toContain('<error message="given: no answer">');
  });
  it("is well formed whatever the texts hold", () => {
    expect(xml).toContain("A title with &lt;brackets&gt; &amp; &quot;quotes&quot;");
    expect(xml).not.toContain("\u0000");
    const open = [...xml.matchAll(/<(\w[\w-]*)[^>]*?(\/?)>/g)].filter(([, , closed]) => !closed).map(([, name]) => name);
    const closed = [...xml.matchAll(/<\/(\w[\w-]*)>/g)].map(([, name]) => name);
    expect([...closed].sort()).toEqual([...open].sort());
  });
});

describe("the HTML report", () => {
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
  const html = htmlReport([base, measured, deviated, failed], 7);
  it("shows each experiment with its timeline, and how long plaintext went on", () => {
    expect(html.match(/<svg class="timeline"/g)).toHaveLength(4);
    expect(html).toContain("2 as expected, 1 deviated, 1 harness failed, 0 skipped");
    expect(html).toContain(
      '<td class="number">400 ms</td><td class="number">600 ms</td><td class="number">1000 ms</td><td class="number">6000 ms</td><td>harness</td>',
    );
    for (const mark of ["t0", "t1", "t2", "limit"]) expect(html).toContain(`<line class="mark ${mark}"`);
  });
  it("is complete in itself, and whatever the texts hold is text", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|\b(src|srcset)=|url\(|@import|https?:/i);
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.toContain("\u0000");
  });
});

describe("the other reports", () => {
  it("JSON holds everything", () => {
    expect(JSON.parse(jsonReport([base, deviated], 7))).toMatchObject({
      version: 1,
      seed: 7,
      experiments: [{ verdict: "as expected" }, { verdict: "deviated" }],
    });
  });
  it("GitHub annotations are one line each, escaped", () => {
    const text = githubReport([base, deviated, failed]);
    expect(text.trimEnd().split("\n")).toHaveLength(2);
    expect(text).toContain("::error title=account-suspended%3A deviated::");
    expect(text).toContain("100%25");
  });
  it("files go to --out", async () => {
    const out = await mkdtemp(join(tmpdir(), "ekm-reports-"));
    const terminal = { write: () => {}, isTTY: false, columns: 100 };
    for (const reporter of createReporters(["junit", "json"], { terminal, out: join(out, "deep"), seed: 1 }))
      await reporter.done([base]);
    expect(await readFile(join(out, "deep", "junit.xml"), "utf8")).toContain("testsuites");
    expect(JSON.parse(await readFile(join(out, "deep", "results.json"), "utf8"))).toHaveProperty("experiments");
    await rm(out, { recursive: true });
  });
});

describe("the spec reporter", () => {
  async function print(isTTY: boolean): Promise<string> {
    let text = "";
    const [reporter] = createReporters(["spec"], {
      terminal: {
        write: (more: string) => {
          text += more;
        },
        isTTY,
        columns: 120,
      },
      out: "",
      seed: 1,
    });
    const experiment = { name: base.name } as Parameters<NonNullable<typeof reporter>["started"]>[0];
    reporter?.started(experiment);
    reporter?.progress(experiment, "method: disable key main");
    reporter?.finished(base);
    reporter?.finished(deviated);
    await reporter?.done([base, deviated]);
    return text;
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
  it("shows live progress on a terminal", async () => {
    expect(await print(true)).toContain("key-disabled: method: disable key main");
  });
  it("wraps without losing a character", () => {
    expect(wrap("arn:aws:kms:us-east-1:111122223333:key/abc is long", 12).join("").replaceAll(" ", "")).toBe(
      "arn:aws:kms:us-east-1:111122223333:key/abcislong",
    );
  });
});
