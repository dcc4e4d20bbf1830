import type { ErrorCode } from "./codes.js";

/**
 * Expected outcomes are values. `ok: false` carries what was refused and why; exceptions are kept for bugs and for the
 * loss of the process's own means (a database that is gone).
 */
export type Outcome<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });

/** A request that was understood and refused. Its remedy and retryability come from the error catalogue. */
export interface Rejection {
  readonly code: ErrorCode;
  readonly message: string;
  /** Path of the input field at fault, for example `["input", "keyArn"]`. */
  readonly field?: readonly string[];
  readonly retryAfterMs?: number;
}

/**
 * What is wrong with a key, a job or a rotation, as stored and shown. `message` is a sentence for people and never holds
 * a secret. Remedy and retryability come from the error catalogue.
 */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** Where AWS does not tell causes apart: all that are possible. Otherwise empty. */
  readonly possibleCauses: readonly string[];
  /** The key that refused. */
  readonly keyArn?: string;
  readonly awsErrorName?: string;
  readonly awsRequestId?: string;
}
