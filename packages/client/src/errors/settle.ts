import type { CombinedError } from "@urql/core";
import type { UserErrorDetailsFragment } from "../generated/operations.js";
import { type RequestFailure, requestFailure, requestFailureOf } from "./request-failure.js";

/** The request was understood and refused: one of a mutation's `userErrors`. Nothing was changed. */
export interface UserFailure extends UserErrorDetailsFragment {
  readonly kind: "user";
}

export type Failure = UserFailure | RequestFailure;

export type Result<Data, Error = Failure> =
  | { readonly ok: true; readonly data: Data }
  /** Never empty. */
  | { readonly ok: false; readonly errors: readonly [Error, ...Error[]] };

/** The payload of a mutation's only root field. */
type PayloadOf<Data> = NonNullable<Data[Exclude<keyof Data, "__typename">]>;

/** What the answer to a repetition does not say again. */
type SaidOnce = "secret";

/** The payload of a mutation that was done: what it made is there, and there are no `userErrors`. */
export type Done<Data> = {
  readonly [Field in Exclude<keyof PayloadOf<Data>, "userErrors" | "__typename">]: Field extends SaidOnce
    ? PayloadOf<Data>[Field]
    : NonNullable<PayloadOf<Data>[Field]>;
};

interface Answer<Data> {
  readonly data?: Data | null | undefined;
  readonly error?: CombinedError | undefined;
}

/** A query's data, or why there is none. */
export function settleQuery<Data>({ data, error }: Answer<Data>): Result<Data, RequestFailure> {
  if (error !== undefined) return { ok: false, errors: [requestFailureOf(error)] };
  if (data == null) return { ok: false, errors: [requestFailure("UNAVAILABLE", "The answer was empty.")] };
  return { ok: true, data };
}

/**
 * What a mutation did, or why it did not: `userErrors` and failures of the request in one list. For the answer of `client.mutation()` and of
 * the hooks' `execute`.
 */
export function settle<Data extends object>(answer: Answer<Data>): Result<Done<Data>> {
  const settled = settleQuery(answer);
  if (!settled.ok) return settled;
  const payload = Object.entries(settled.data).find(([name]) => name !== "__typename")?.[1] as
    | ({ readonly userErrors?: readonly UserErrorDetailsFragment[] } & object)
    | null
    | undefined;
  if (payload == null) return { ok: false, errors: [requestFailure("UNAVAILABLE", "The answer was empty.")] };
  const { userErrors = [], ...done } = payload;
  const [first, ...rest] = userErrors.map((error): UserFailure => ({ ...error, kind: "user" }));
  return first === undefined ? { ok: true, data: done as Done<Data> } : { ok: false, errors: [first, ...rest] };
}
