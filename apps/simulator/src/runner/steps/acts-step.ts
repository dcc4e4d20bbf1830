import { z } from "zod";
import type { Definition } from "../../experiments/fields.js";
import { markedAct } from "../measure/marked-act.js";
import { HELD } from "../outcome.js";
import { chosen, type Operation, type StepKind } from "./step.js";

/** What can be done under `aws:`, `store:`, `db:` or `clock:`; answers when it took effect, in milliseconds since 1970. */
export type TimedAct<S> = Operation<S, number> & {
  /** The act's label, where it is not the field `as`. */
  label?(step: S): Definition | undefined;
};
interface Labelled {
  readonly as?: Definition | undefined;
}

/** A kind of step that is one of several acts, each with a moment that may have a label. */
export function actsStep(key: string, acts: readonly TimedAct<object>[], description: string): StepKind<object> {
  const schema = z.strictObject({ [key]: z.union(acts.map((act) => act.schema)) }).meta({ description });
  const written = (step: object): object => (step as Readonly<Record<string, object>>)[key] ?? {};
  return {
    key,
    schema,
    reach: (step) => chosen(acts, written(step)).reach?.(written(step)) ?? "account",
    describe: (step) => chosen(acts, written(step)).describe(written(step)),
    async run(step, world) {
      const given = written(step);
      const act = chosen(acts, given);
      await markedAct(
        world,
        act.label ? act.label(given) : (given as Labelled).as,
        () => act.run(given, world),
        (effectiveAt) => effectiveAt,
      );
      return HELD;
    },
  };
}
