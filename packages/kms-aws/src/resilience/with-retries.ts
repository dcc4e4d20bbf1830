import type { KeyService, KmsFailure, KmsOutcome, VendorKeys } from "@ekm/ekm";
import type { RetryBudget } from "./retry-budget.js";

export interface RetryPorts {
  readonly maxAttempts: number;
  readonly budget: RetryBudget;
  /** Aborted on close: no retry begins after that. */
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

const BASE_MS = 50;
const CAP_MS = 1_000;

/** A refusal is an answer; data and input do not change by asking again; INTERNAL is a call that we built wrongly. */
const mayRetry = ({ failureClass, code }: KmsFailure): boolean =>
  (failureClass === "transient" || failureClass === "ours") && code !== "INTERNAL";

export type Retry = <T>(budgetId: string, attempt: () => Promise<KmsOutcome<T>>) => Promise<KmsOutcome<T>>;

/** Full jitter: a random wait up to a bound that doubles (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
export function createRetry({ maxAttempts, budget, signal, sleep, random }: RetryPorts): Retry {
  return async (budgetId, attempt) => {
    budget.earn(budgetId);
    for (let made = 1; ; made++) {
      const outcome = await attempt();
      if (outcome.ok || made >= maxAttempts || !mayRetry(outcome.error) || signal.aborted || !budget.spend(budgetId))
        return outcome;
      await sleep(random() * Math.min(CAP_MS, BASE_MS * 2 ** made), signal);
      if (signal.aborted) return outcome;
    }
  };
}

/** The same key service, trying again what may pass by itself. One budget per key. */
export function withRetries(inner: KeyService, retry: Retry): KeyService {
  return {
    generateDataKey: (keyArn, context, accountId) => retry(keyArn, () => inner.generateDataKey(keyArn, context, accountId)),
    encrypt: (keyArn, plaintext, context) => retry(keyArn, () => inner.encrypt(keyArn, plaintext, context)),
    decrypt: (keyArn, ciphertext, context, accountId) =>
      retry(keyArn, () => inner.decrypt(keyArn, ciphertext, context, accountId)),
    reEncrypt: (request) => retry(request.toKeyArn, () => inner.reEncrypt(request)),
    describeKey: (keyArn, accountId) => retry(keyArn, () => inner.describeKey(keyArn, accountId)),
  };
}

/** A repeated createKey may leave an orphan: it costs money, not safety. */
export function vendorKeysWithRetries(inner: VendorKeys, retry: Retry): VendorKeys {
  return {
    createKey: (accountId) => retry("create-key", () => inner.createKey(accountId)),
    scheduleDeletion: (keyArn) => retry(keyArn, () => inner.scheduleDeletion(keyArn)),
    identity: inner.identity,
  };
}
