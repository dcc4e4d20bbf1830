import { revocationInWords } from "../runner/measure/revocation.js";
import type { ExperimentResult, StepRecord } from "../runner/result.js";
import { revocationsOf } from "./revocations-of.js";

/** JUnit XML: a test case per experiment; a deviation is a failure, a failed harness an error. */
export function junitReport(results: readonly ExperimentResult[]): string {
  const count = (verdict: ExperimentResult["verdict"]): number => results.filter((result) => result.verdict === verdict).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0).toFixed(3);
  const totals = `tests="${results.length}" failures="${count("deviated")}" errors="${count("harness failed")}" time="${seconds}"`;
  const began = Math.min(...results.map(({ startedAt }) => startedAt));
  const timestamp = Number.isFinite(began) ? ` timestamp="${new Date(began).toISOString().slice(0, 19)}"` : "";
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ekm-sim" ${totals}>`,
    `  <testsuite name="experiments" ${totals} skipped="${count("skipped")}"${timestamp}>`,
    ...results.map(testCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(result: ExperimentResult): string {
  const revocations = revocationsOf(result).map(
    (revocation, index) => `        <property name="revocation.${index + 1}" value="${xml(revocationInWords(revocation))}"/>`,
  );
  const properties = revocations.length === 0 ? [] : ["      <properties>", ...revocations, "      </properties>"];
  const open = `    <testcase classname="experiments" name="${xml(result.name)}" time="${result.seconds.toFixed(3)}">`;
  const out = `      <system-out>${xml([result.title, ...result.steps.map(stepLine), ...result.logs].join("\n"))}</system-out>`;
  return [open, ...properties, ...verdictLines(result), out, "    </testcase>"].join("\n");
}

function verdictLines({ verdict, expected, happened }: ExperimentResult): string[] {
  const text = xml(`expected: ${expected}\nhappened: ${happened}`);
  if (verdict === "deviated") return [`      <failure message="${xml(happened)}">${text}</failure>`];
  if (verdict === "harness failed") return [`      <error message="${xml(happened)}">${text}</error>`];
  return verdict === "skipped" ? [`      <skipped message="${xml(happened)}"/>`] : [];
}

function stepLine({ phase, text, seconds, outcome }: StepRecord): string {
  const more = outcome.kind === "failed" ? outcome.reason : outcome.happened;
  return `${phase}: ${text}: ${outcome.kind}${more === undefined ? "" : ` (${more})`} in ${seconds.toFixed(2)} s`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get into the file
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** XML 1.0 has no way to write most control characters and half surrogate pairs: they become U+FFFD. */
function xml(text: string): string {
  const wellFormed = Buffer.from(text, "utf8").toString("utf8");
  return wellFormed.replace(NOT_XML, "\ufffd").replace(/[&<>"\n\r\t]/g, (found) => ENTITIES[found] ?? found);
}
