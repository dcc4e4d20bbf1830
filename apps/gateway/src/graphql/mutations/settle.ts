import { type KeyCheck, type Outcome, type Refusal, type Rejection, StoreBusyError } from "@ekm/ekm";
import { presentUserError } from "../errors/present-problem.js";
import { forbidden } from "../errors/top-level-errors.js";
import type { UserErrorView } from "../errors/user-error.js";

const RETRY_AFTER_MS = 1000;

const BUSY: Rejection = {
  code: "STORAGE_UNAVAILABLE",
  message: "The database is busy. Nothing was changed.",
  retryAfterMs: RETRY_AFTER_MS,
};

export interface Settled<T> {
  readonly value: T | null;
  readonly checks: readonly KeyCheck[];
  readonly userErrors: readonly UserErrorView[];
}

type Answer<T> = Outcome<T, Refusal> & { readonly checks?: readonly KeyCheck[] };

/** From a use case's outcome to a payload: rejections become `userErrors`, a denied role the top-level FORBIDDEN. */
export async function settle<T>(run: () => Promise<Answer<T>>): Promise<Settled<T>> {
  let answer: Answer<T>;
  try {
    answer = await run();
  } catch (error) {
    if (error instanceof StoreBusyError) return { value: null, checks: [], userErrors: [presentUserError(BUSY)] };
    throw error;
  }
  const checks = answer.checks ?? [];
  if (answer.ok) return { value: answer.value, checks, userErrors: [] };
  if ("denied" in answer.error) throw forbidden();
  return { value: null, checks, userErrors: answer.error.map(presentUserError) };
}
