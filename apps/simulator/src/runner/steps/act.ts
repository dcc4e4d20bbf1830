import type { RequestError } from "../../product/graphql.js";
import type { Account, KeyCheck, KeyHealth, UserError } from "../../product/types.js";
import type { TrackedJob } from "../jobs.js";
import type { TrackedRotation } from "../rotations.js";

/** What the product answered to one `do`. */
export interface Act {
  /** For people: `backup of acme`. */
  readonly what: string;
  readonly startedAt: number;
  /** The request was not accepted as such: wrong role, malformed, rate limited. */
  readonly requestError?: RequestError;
  readonly userErrors: readonly UserError[];
  readonly job?: TrackedJob;
  readonly rotation?: TrackedRotation;
  readonly checks?: readonly KeyCheck[];
  readonly usable?: boolean;
  readonly health?: KeyHealth;
  readonly account?: Account;
}

/** Says why an act was not accepted; undefined: it was. */
export function rejection(act: Act): string | undefined {
  if (act.requestError) return `${act.requestError.code} (${act.requestError.message})`;
  const [error] = act.userErrors;
  return error && `${error.code} (${error.message})`;
}
