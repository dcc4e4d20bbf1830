import type { z } from "zod";
import type { StepOutcome } from "../outcome.js";
import type { World } from "../world.js";

/**
 * One kind of step: its shape in a file and what it does. To add one: write a file that exports such an object, and list it
 * in `registry.ts`. `schema` describes the whole step, as a strict object with the field `key`.
 */
export interface StepKind<S> {
  readonly key: string;
  readonly schema: z.ZodType<S>;
  /** A few words for the progress line and the report. */
  describe(step: S): string;
  /** Throws HarnessFailure where the harness cannot do its part. */
  run(step: S, world: World): Promise<StepOutcome>;
}

/** The same for what is written under `do:` (one file per mutation), `aws:` and `expect:`. */
export interface Operation<S, R> {
  readonly key: string;
  readonly schema: z.ZodType<S>;
  describe(step: S): string;
  run(step: S, world: World): Promise<R>;
}

/** The one whose key the step has. The schema has checked that there is one. */
export function chosen<K extends { readonly key: string }>(kinds: readonly K[], step: object): K {
  const kind = kinds.find(({ key }) => key in step);
  if (!kind) throw new Error(`no kind of step has a key of ${Object.keys(step).join(", ")}`);
  return kind;
}
