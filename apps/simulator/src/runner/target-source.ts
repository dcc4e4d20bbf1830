import type { Experiment } from "../experiments/schema.js";
import type { Target } from "./target.js";

export type Acquired =
  | { readonly kind: "target"; readonly target: Target; release(): Promise<void> }
  /** This experiment cannot be run there, and why. */
  | { readonly kind: "unsuitable"; readonly reason: string };

/** Where experiments get the product that they run against. Throws where the harness could not provide it. */
export interface TargetSource {
  acquire(experiment: Experiment): Promise<Acquired>;
  close(): Promise<void>;
}
