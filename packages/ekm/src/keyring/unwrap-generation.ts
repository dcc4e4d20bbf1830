import { ACCOUNT_KEY_LENGTH, AccountKey, type UnwrapOutcome } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import type { Problem } from "../errors/outcome.js";
import { problemOf } from "../errors/problem-of.js";
import type { Observation } from "../health/next-health.js";
import { customerKeyOf } from "../health/record-observation.js";
import { recordRenewal } from "../health/record-renewal.js";
import { accountKeyContext, type KeyGeneration, type KeyWrap } from "../keys/generation.js";
import type { KmsFailure, KmsOutcome } from "../ports/key-service.js";
import { StoreError } from "../ports/store.js";
import type { KeyringPorts } from "./keyring-ports.js";

/** Definitive failures end a lease at once; after the others it runs to its end. */
const outcomeOf = (failure: KmsFailure): UnwrapOutcome<Problem> => ({
  kind: failure.failureClass === "transient" || failure.failureClass === "ours" ? "unavailable" : "refused",
  failure: problemOf(failure),
});
const refused = (failure: Problem): UnwrapOutcome<Problem> => ({ kind: "refused", failure });

/**
 * Opens one generation under its current wrap, for a lease: lock, row and wrap are read anew at each call, since a rotation
 * or a lock may have changed them. What KMS answers is recorded as the key's health. Never throws for KMS's or the
 * database's sake: a lost database is `unavailable`.
 */
export function unwrapGeneration(ports: KeyringPorts) {
  const record = recordRenewal(ports);
  return async (accountId: string, generation: number): Promise<UnwrapOutcome<Problem>> => {
    try {
      const { accounts, keys } = ports.store.read;
      const account = await accounts.byId(accountId);
      if (account === null) return refused(problem("ACCOUNT_NOT_FOUND"));
      if (account.keyLock) return refused(problem("KEYS_LOCKED"));
      const row = await keys.generation(accountId, generation);
      const wrap = await keys.currentWrap(accountId, generation);
      if (row === null || wrap === null) return refused(problem("ACCOUNT_KEY_UNREADABLE"));

      const sentAt = ports.clock.now();
      const opened = await openWrap(ports, row, wrap);
      const observation = customerKeyOf(account)?.arn === wrap.keyArn ? observationOf(opened) : null;
      if (observation !== null) {
        const awsRequestId = opened.ok ? opened.awsRequestId : opened.error.awsRequestId;
        const call = { accountId, keyArn: wrap.keyArn, sentAt, observation };
        await record(awsRequestId === undefined ? call : { ...call, awsRequestId }).catch(ignoreStoreError);
      }
      return opened.ok ? { kind: "unwrapped", key: opened.value } : outcomeOf(opened.error);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return { kind: "unavailable", failure: problem("STORAGE_UNAVAILABLE") };
    }
  };
}

/** Decrypts a wrap and proves by the check value that the bytes are this generation's key. The key belongs to the caller. */
export async function openWrap(
  { keyService }: Pick<KeyringPorts, "keyService">,
  { accountId, generation, checkValue }: Pick<KeyGeneration, "accountId" | "generation" | "checkValue">,
  { keyArn, ciphertext }: Pick<KeyWrap, "keyArn" | "ciphertext">,
): Promise<KmsOutcome<AccountKey>> {
  const decrypted = await keyService.decrypt(keyArn, ciphertext, accountKeyContext(accountId, generation));
  if (!decrypted.ok) return decrypted;
  const { plaintext } = decrypted.value;
  if (plaintext.length === ACCOUNT_KEY_LENGTH) {
    const key = AccountKey.takeOver(plaintext);
    if (key.matches(checkValue)) return { ...decrypted, value: key };
    key.destroy();
  }
  plaintext.fill(0);
  const { awsRequestId } = decrypted;
  const request = awsRequestId === undefined ? {} : { awsRequestId };
  return { ok: false, error: { ...problem("KMS_ANSWER_INVALID", { keyArn, ...request }), failureClass: "data" } };
}

/** A damaged wrap says nothing about the key's health. */
function observationOf(opened: KmsOutcome<AccountKey>): Observation | null {
  if (opened.ok) return { kind: "usable" };
  const { failureClass, code } = opened.error;
  if (code === "ACCOUNT_KEY_UNREADABLE") return null;
  return { kind: "failed", failureClass, problem: problemOf(opened.error) };
}

/** Health is knowledge, not permission: the next probe writes it. */
function ignoreStoreError(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
