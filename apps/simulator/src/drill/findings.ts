import type { StepRecord } from "../runner/result.js";
import type { Effective } from "./key-owner.js";

/** What a drill saw. `steps` say what was expected and what came; the rest is for the report. */
export interface DrillFindings {
  readonly steps: readonly StepRecord[];
  readonly canary: string | undefined;
  readonly jobs: readonly NotedJob[];
  readonly disabled: Effective | undefined;
  readonly enabled: Effective | undefined;
  /** When a restore had succeeded again, in milliseconds since 1970. */
  readonly recoveredAt: number | undefined;
  /** The drill may have left the key disabled. */
  readonly keyMayBeDisabled: boolean;
}

/** A job that the drill started, as it was last seen. Times are the product's. */
export interface NotedJob {
  readonly role: "before" | "in flight" | "while disabled" | "after";
  readonly kind: "backup" | "restore";
  readonly id: string;
  readonly status: string;
  readonly code: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly lastPlaintextAt: string | null;
}
