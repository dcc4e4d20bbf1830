import type { Failure, Result } from "../errors/settle.js";

/** Up to 200 printable characters are allowed; these are 32. Without `crypto.randomUUID`, which browsers keep from plain HTTP. */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One thing that the user wants ("enable EKM with this key"). However often it is sent, over time-outs and lost connections, it has one
 * effect: the API knows it by its idempotency key.
 */
export interface Intention<Input, Data> {
  /**
   * Sends it, again under the same key as long as its outcome is open. Another input is another intention, and so is the same one after
   * the API has answered for good.
   */
  send(input: Omit<Input, "idempotencyKey">): Promise<Result<Data>>;
}

const NOTHING_DONE: ReadonlySet<string> = new Set(["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT"]);

/** The API may have done it, is doing it, or would do it now: the next attempt must be recognised. */
const isOpen = (failure: Failure): boolean => (failure.kind === "user" ? failure.retryable : !NOTHING_DONE.has(failure.code));

export function createIntention<Input, Data>(
  mutate: (input: Omit<Input, "idempotencyKey"> & { readonly idempotencyKey: string }) => Promise<Result<Data>>,
): Intention<Input, Data> {
  let open: { readonly key: string; readonly input: string } | undefined;
  return {
    async send(input) {
      const text = JSON.stringify(input);
      if (open?.input !== text) open = { key: createIdempotencyKey(), input: text };
      const { key } = open;
      const result = await mutate({ ...input, idempotencyKey: key });
      const settled = result.ok || !result.errors.some(isOpen);
      if (settled && open?.key === key) open = undefined;
      return result;
    },
  };
}
