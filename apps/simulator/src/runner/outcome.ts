import type { Revocation } from "./measure/revocation.js";

/** What became of a step. A deviation is a finding about the product, said in the words of the experiment. */
export type StepOutcome =
  | { readonly kind: "held"; readonly happened?: string; readonly revocation?: Revocation }
  | {
      readonly kind: "deviated";
      readonly expected: string;
      readonly happened: string;
      readonly revocation?: Revocation;
    };

export const HELD: StepOutcome = { kind: "held" };

/** The harness could not do its part, or the situation to be tested never arose: nothing is concluded about the product. */
export class HarnessFailure extends Error {
  override readonly name = "HarnessFailure";
}
