import type { z } from "zod";
import type { StepOutcome } from "../outcome.js";
import type { World } from "../world.js";

/**
 * How far a step reaches. `account`: this experiment's accounts alone, against any product. `own-stack`: processes or files that
 * only the runner's own stack gives away. `whole-stack`: these, and whoever else runs there feels it: such an experiment must ask
 * for `isolation: stack`.
 */
export type Reach = "account" | "own-stack" | "whole-stack";

/**
 * One kind of step: its shape in a file and what it does. To add one: write a file that exports such an object, list it in
 * `registry.ts`, and show it in `docs/experiments.md`. `schema` describes the whole step, as a strict object with the field `key`.
 */
export interface StepKind<S> {
  readonly key: string;
  readonly schema: z.ZodType<S>;
  /** Absent: `account`. */
  reach?(step: S): Reach;
  /** A few words for the progress line and the report. */
  describe(step: S): string;
  /** Throws HarnessFailure where the harness cannot do its part. */
  run(step: S, world: World): Promise<StepOutcome>;
}

/** The same for what is written under `do:` (one file per mutation), `aws:`, `store:`, `db:`, `clock:` and `expect:`. */
export interface Operation<S, R> {
  readonly key: string;
  readonly schema: z.ZodType<S>;
  reach?(step: S): Reach;
  describe(step: S): string;
  run(step: S, world: World): Promise<R>;
}

/** The one whose key the step has. The schema has checked that there is one. */
export function chosen<K extends { readonly key: string }>(kinds: readonly K[], step: object): K {
  const kind = kinds.find(({ key }) => key in step);
  if (!kind) throw new Error(`no kind of step has a key of ${Object.keys(step).join(", ")}`);
  return kind;
}
