import type { AccountKey, UnwrapOutcome } from "@ekm/crypto-core";
import { problem } from "../errors/catalog.js";
import type { Problem } from "../errors/outcome.js";
import { problemOf } from "../errors/problem-of.js";
import type { Observation } from "../health/next-health.js";
import { customerKeyOf } from "../health/record-observation.js";
import { recordRenewal } from "../health/record-renewal.js";
import { openWrap } from "../keys/open-wrap.js";
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
      // The vendor's key is being destroyed: what it says of itself by now is not what is wrong with this generation.
      if (row.leftBecause !== undefined && wrap.keyArn === account.vendorKey?.arn) return refused(problem(row.leftBecause));

      const sentAt = ports.clock.now();
      const opened = await openWrap(ports.keyService, wrap, row.checkValue);
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
