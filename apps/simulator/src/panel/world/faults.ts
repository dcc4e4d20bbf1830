import type { FaultRule } from "@ekm/faults";
import { THROTTLED } from "@ekm/mock-aws";
import { formatDuration } from "../../experiments/duration.js";

/** What can be switched on for every call on a key. */
export const KEY_FAULTS = ["unreachable", "throttled", "slow"] as const;
export type KeyFault = (typeof KEY_FAULTS)[number];
export interface KeyFaults {
  readonly unreachable: boolean;
  readonly throttled: boolean;
  /** Milliseconds; 0: not slowed down. */
  readonly slowMs: number;
}

/** A rule on every call of one key, without a further condition: what the switches make. Others are listed as rules. */
function switchOf(rule: FaultRule, keyArn: string): Partial<KeyFaults> | undefined {
  const { service = "kms", keyArn: arn, error, effect, latencyMs, ...more } = rule;
  if (arn !== keyArn || service !== "kms" || Object.keys(more).length > 0) return undefined;
  if (effect === "reset" && error === undefined) return { unreachable: true };
  if (effect !== undefined) return undefined;
  if (error === undefined) return latencyMs === undefined ? undefined : { slowMs: latencyMs };
  return error.code === THROTTLED.code
    ? { throttled: true, ...(latencyMs === undefined ? {} : { slowMs: latencyMs }) }
    : undefined;
}

export const isSwitch = (rule: FaultRule): boolean => rule.keyArn !== undefined && switchOf(rule, rule.keyArn) !== undefined;

export function keyFaults(rules: readonly FaultRule[], keyArn: string): KeyFaults {
  const none: KeyFaults = { unreachable: false, throttled: false, slowMs: 0 };
  return Object.assign({}, none, ...rules.map((rule) => switchOf(rule, keyArn))) as KeyFaults;
}

/** The rules that make it so, in the order in which they must stand: the first that matches decides. */
export function rulesFor(keyArn: string, { unreachable, throttled, slowMs }: KeyFaults): readonly FaultRule[] {
  const slow = slowMs > 0 ? { latencyMs: slowMs } : {};
  return [
    ...(unreachable ? [{ service: "kms", keyArn, effect: "reset" } as const] : []),
    ...(throttled ? [{ service: "kms", keyArn, error: THROTTLED, ...slow }] : []),
    ...(slowMs > 0 ? [{ service: "kms", keyArn, ...slow }] : []),
  ];
}

/** "ReEncrypt on the key of acme answers ThrottlingException"; `named` says which key. */
export function ruleInWords(
  rule: FaultRule,
  named: (keyArn: string) => string = (arn) => `key ${arn.replace(/^.*key\//, "")}`,
): string {
  const { service, operation, region, callerAccountId, accountId, keyArn, probability, count, durationMs } = rule;
  const what = operation ?? `every call${service === undefined || keyArn !== undefined ? "" : ` of ${service.toUpperCase()}`}`;
  const where = [
    keyArn === undefined ? "" : `on ${named(keyArn)}`,
    accountId === undefined ? "" : `on keys of AWS account ${accountId}`,
    callerAccountId === undefined ? "" : `by AWS account ${callerAccountId}`,
    region === undefined ? "" : `in ${region}`,
  ];
  const how = [
    probability === undefined ? "" : `in ${Math.round(probability * 100)} % of cases`,
    count === undefined ? "" : `${count} times`,
    durationMs === undefined ? "" : `for ${formatDuration(durationMs)}`,
  ];
  return [what, ...where, effectInWords(rule), ...how].filter(Boolean).join(" ");
}

const EFFECTS = {
  error: "answers an error",
  reset: "has its connection reset",
  "black-hole": "is never answered",
  truncate: "is answered by half",
  html: "is answered by a page of a proxy",
  "wrong-key": "is answered as if by another key",
  stale: "is answered as before the key's last change",
} as const;

function effectInWords({ effect, error, latencyMs = 0, jitterMs = 0 }: FaultRule): string {
  const late =
    latencyMs + jitterMs === 0 ? "" : `comes ${jitterMs === 0 ? "" : "up to "}${formatDuration(latencyMs + jitterMs)} late`;
  if (effect === undefined && error === undefined && late !== "") return late;
  const what =
    error === undefined || (effect !== undefined && effect !== "error") ? EFFECTS[effect ?? "error"] : `answers ${error.code}`;
  return late === "" ? what : `${late} and ${what}`;
}
