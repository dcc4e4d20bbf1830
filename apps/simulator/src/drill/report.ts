import { formatDuration } from "../experiments/duration.js";
import { isWithinLimit, type Revocation } from "../runner/measure/revocation.js";
import type { StepRecord } from "../runner/result.js";
import type { DrillFindings, NotedJob } from "./findings.js";
import type { Subject } from "./subject.js";

export type DrillVerdict = "passed" | "failed" | "not concluded";

/** Who says so: the drill saw it itself, AWS logged it, or the product reports it of itself. */
export type Witness = "the drill" | "AWS's event log" | "the product (self-reported)";

export interface Measurement {
  readonly name: string;
  /** As people read it: a time (ISO 8601, UTC) or a span. */
  readonly value: string;
  readonly by: Witness;
}

/** What a customer files. `version` changes with the shape; times are ISO 8601 in UTC. */
export interface DrillReport {
  readonly version: 1;
  readonly id: string;
  readonly verdict: DrillVerdict;
  readonly summary: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly key: { readonly arn: string; readonly region: string; readonly awsAccountId: string };
  readonly gateway: string;
  readonly promiseSeconds: number;
  /** manual: the key's owner acted; automatic: the drill did, with the owner's credentials of a simulated AWS. */
  readonly mode: "automatic" | "manual";
  readonly canary: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly software: Readonly<Record<string, string>>;
  readonly measurements: readonly Measurement[];
  readonly selfReported: readonly string[];
  readonly revocation: Revocation | null;
  readonly jobs: readonly NotedJob[];
  readonly steps: readonly StepRecord[];
  readonly keyMayBeDisabled: boolean;
}

export interface DrillSetting {
  readonly id: string;
  readonly subject: Subject;
  readonly gateway: string;
  readonly mode: DrillReport["mode"];
  /** The drill could look at the directory of the restore. */
  readonly sawTarget: boolean;
  /** AWS's own log was there. */
  readonly sawAws: boolean;
  readonly software: Readonly<Record<string, string>>;
  readonly startedAt: number;
}

export function drillReport(setting: DrillSetting, findings: DrillFindings): DrillReport {
  const { subject } = setting;
  const revocation = findings.steps.flatMap(({ outcome }) => ("revocation" in outcome && outcome.revocation) || [])[0] ?? null;
  const verdict = verdictOf(findings);
  return {
    version: 1,
    id: setting.id,
    verdict,
    summary: summaryOf(verdict, revocation, findings),
    account: { id: subject.accountId, name: subject.accountName },
    key: { arn: subject.keyArn, region: subject.region, awsAccountId: subject.awsAccountId },
    gateway: setting.gateway,
    promiseSeconds: subject.windowMs / 1000,
    mode: setting.mode,
    canary: findings.canary ?? "none was made",
    startedAt: iso(setting.startedAt),
    finishedAt: iso(Date.now()),
    software: setting.software,
    measurements: measurementsOf(setting, findings, revocation),
    selfReported: selfReported(setting),
    revocation,
    jobs: findings.jobs,
    steps: findings.steps,
    keyMayBeDisabled: findings.keyMayBeDisabled,
  };
}

/** As for experiments, the first step that did not hold tells: what fails after a deviation does not take back what was seen. */
const firstWrong = ({ steps }: DrillFindings): StepRecord | undefined => steps.find(({ outcome }) => outcome.kind !== "held");

function verdictOf(findings: DrillFindings): DrillVerdict {
  const wrong = firstWrong(findings);
  if (wrong) return wrong.outcome.kind === "deviated" ? "failed" : "not concluded";
  return findings.recoveredAt === undefined ? "not concluded" : "passed";
}

function summaryOf(verdict: DrillVerdict, revocation: Revocation | null, findings: DrillFindings): string {
  const wrong = firstWrong(findings);
  if (wrong?.outcome.kind === "deviated") return `The product did not do as promised: ${wrong.text}: ${wrong.outcome.happened}`;
  if (verdict === "not concluded") {
    const why = wrong?.outcome.kind === "failed" ? `${wrong.text}: ${wrong.outcome.reason}` : "it was interrupted";
    return `Nothing is concluded about the product: ${why}`;
  }
  return `Backup and restore stopped ${revocation ? stopped(revocation) : ""}, said why, and worked again once the key was enabled.`;
}

function stopped({ t0, t2, limitMs }: Revocation): string {
  const after = t2 === undefined || t2 <= t0 ? "at once" : `within ${formatDuration(t2 - t0)}`;
  return `${after} after the key was disabled (promised: ${formatDuration(limitMs)})`;
}

function measurementsOf(setting: DrillSetting, findings: DrillFindings, revocation: Revocation | null): readonly Measurement[] {
  const { disabled, enabled, recoveredAt } = findings;
  const aws: Witness = setting.sawAws ? "AWS's event log" : "the product (self-reported)";
  const bytes: Witness = revocation?.measuredBy === "harness" ? "the drill" : "the product (self-reported)";
  const rows: (Measurement | false | undefined)[] = [
    disabled && time("t0: the key is disabled", disabled.earliest, disabled.latest, aws),
    revocation?.t1 !== undefined && time("t1: the first refused call", revocation.t1, revocation.t1, aws),
    revocation?.t2 !== undefined && time("t2: the last plaintext written", revocation.t2, revocation.t2, bytes),
    revocation !== null && span("t1 - t0", revocation.t0, revocation.t1, aws),
    revocation !== null && span("t2 - t1", revocation.t1, revocation.t2, bytes),
    revocation !== null && span("t2 - t0", revocation.t0, revocation.t2, bytes),
    revocation !== null && {
      name: "promised for t2 - t0",
      value: formatDuration(revocation.limitMs),
      by: "the product (self-reported)",
    },
    revocation !== null && { name: "promise kept", value: isWithinLimit(revocation) ? "yes" : "NO", by: bytes },
    enabled && time("the key is enabled again", enabled.earliest, enabled.latest, aws),
    recoveredAt !== undefined && time("a restore has succeeded again", recoveredAt, recoveredAt, "the drill"),
    enabled && recoveredAt !== undefined && span("from enabled to restored", enabled.earliest, recoveredAt, "the drill"),
  ];
  return rows.filter((row) => typeof row === "object");
}

function time(name: string, from: number, to: number, by: Witness): Measurement {
  return { name, value: from === to ? iso(from) : `between ${iso(from)} and ${iso(to)}`, by };
}

function span(name: string, from: number | undefined, to: number | undefined, by: Witness): Measurement | false {
  if (from === undefined || to === undefined) return false;
  const ms = Math.round(to - from);
  return { name, value: ms < 0 ? `none: ${formatDuration(-ms)} before` : formatDuration(ms), by };
}

function selfReported({ sawTarget, sawAws }: DrillSetting): readonly string[] {
  return [
    "the statuses, codes and times of jobs, and the key's health",
    "the length of the promise",
    ...(sawTarget ? [] : ["the time of the last plaintext: the drill had no access to the directory of the restore"]),
    ...(sawAws
      ? []
      : [
          "when the key was disabled and enabled and when a call was first refused: AWS's log was not at hand (CloudTrail has it)",
        ]),
  ];
}

const iso = (ms: number): string => new Date(ms).toISOString();
