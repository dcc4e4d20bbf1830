import type { Problem } from "../errors/outcome.js";

export type KeyHealthState = "HEALTHY" | "DEGRADED" | "UNUSABLE" | "LOCKED" | "UNKNOWN";

/** The latest knowledge of one customer key. A history row is written whenever `state` or the problem's code changes. */
export interface KeyHealth {
  readonly id: string;
  readonly accountId: string;
  readonly keyArn: string;
  readonly state: KeyHealthState;
  /** When this state began. */
  readonly since: Date;
  readonly problem?: Problem;
  readonly warnings: readonly Problem[];
  readonly checkedAt: Date;
  readonly lastUsableAt?: Date;
  readonly deletionDate?: Date;
}
