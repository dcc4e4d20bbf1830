import type { FaultRule } from "@ekm/faults";
import { DEMO_ACCOUNTS, type Situation } from "./demo-accounts.js";
import type { DemoState } from "./demo-state.js";

const THROTTLED = { statusCode: 400, code: "ThrottlingException" } as const;

/** The fault that holds an account where it is; undefined where the situation stays by itself. */
export function holdingRule(situation: Situation, keyArn: string | undefined): FaultRule | undefined {
  if (keyArn === undefined) return undefined;
  // A rotation alone needs ReEncrypt: backups and restores go on.
  if (situation === "rotating") return { service: "kms", operation: "ReEncrypt", keyArn, error: THROTTLED };
  if (situation === "degraded") return { service: "kms", keyArn, error: THROTTLED };
  return undefined;
}

/** What an earlier start had put in force: faults do not outlive the simulator, and must be there before the product is. */
export function holdingRules({ accounts }: DemoState): readonly FaultRule[] {
  return DEMO_ACCOUNTS.flatMap(({ name, situation }) => {
    const known = accounts[name];
    return known?.isSet ? (holdingRule(situation, known.keyArn) ?? []) : [];
  });
}
