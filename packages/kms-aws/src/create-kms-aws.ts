import { setTimeout as delay } from "node:timers/promises";
import type { KeyService, VendorKeys } from "@ekm/ekm";
import { createCaller } from "./calls/caller.js";
import { createVendorKey } from "./calls/create-vendor-key.js";
import { decrypt } from "./calls/decrypt.js";
import { describeKey } from "./calls/describe-key.js";
import { encrypt } from "./calls/encrypt.js";
import { generateDataKey } from "./calls/generate-data-key.js";
import { reEncrypt } from "./calls/re-encrypt.js";
import { scheduleVendorKeyDeletion } from "./calls/schedule-vendor-key-deletion.js";
import { createClients } from "./clients.js";
import { SILENT } from "./logger.js";
import type { KmsAwsOptions } from "./options.js";
import { createRetryBudget } from "./resilience/retry-budget.js";
import { withConcurrency } from "./resilience/with-concurrency.js";
import { createRetry, vendorKeysWithRetries, withRetries } from "./resilience/with-retries.js";
import { createAccountSessions } from "./sessions/account-sessions.js";
import { createRoleAssumer, SESSION_SECONDS } from "./sessions/assume-role.js";

export interface KmsAws {
  readonly keyService: KeyService;
  readonly vendorKeys: VendorKeys;
  /** Ends connections and pending retries; calls in flight fail as KMS_UNREACHABLE. */
  close(): void;
}

/** Throws RangeError when no Region is allowed. Makes no call by itself. */
export function createKmsAws(options: KmsAwsOptions): KmsAws {
  const { vendorAccountId, connectionTimeoutMs, requestTimeoutMs, maxAttempts, logger = SILENT } = options;
  const vendorRegion = options.region ?? options.allowedRegions[0];
  if (vendorRegion === undefined) throw new RangeError("at least one AWS Region must be allowed");

  const closing = new AbortController();
  const attemptTimeoutMs = connectionTimeoutMs + requestTimeoutMs;
  const clients = createClients(options);
  const assumer = options.accountSessions === true ? createRoleAssumer(options, vendorRegion, logger) : undefined;
  const sessions =
    assumer &&
    createAccountSessions({
      assume: assumer.assume,
      lifetimeMs: SESSION_SECONDS * 1000,
      monotonicMs: options.monotonicMs ?? (() => performance.now()),
    });
  const caller = createCaller({ clients, sessions, vendorAccountId, attemptTimeoutMs, logger });
  const retry = createRetry({
    maxAttempts,
    budget: createRetryBudget(),
    signal: closing.signal,
    sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
    random: Math.random,
  });

  const single: KeyService = {
    generateDataKey: (keyArn, context, accountId) => generateDataKey(caller, keyArn, context, accountId),
    encrypt: (keyArn, plaintext, context) => encrypt(caller, keyArn, plaintext, context),
    decrypt: (keyArn, ciphertext, context, accountId) => decrypt(caller, keyArn, ciphertext, context, accountId),
    reEncrypt: (request) => reEncrypt(caller, request),
    describeKey: (keyArn, accountId) => describeKey(caller, keyArn, accountId),
  };
  const singleVendor: VendorKeys = {
    createKey: (accountId) => createVendorKey(caller, vendorRegion, accountId),
    scheduleDeletion: (keyArn) => scheduleVendorKeyDeletion(caller, keyArn, () => new Date()),
    identity: {
      awsAccountId: vendorAccountId,
      principalArn: options.vendorPrincipalArn,
      sessionPerAccount: options.accountSessions === true,
    },
  };

  return {
    keyService: withRetries(withConcurrency(single, { perKey: options.concurrency, maxWaitMs: attemptTimeoutMs }), retry),
    vendorKeys: vendorKeysWithRetries(singleVendor, retry),
    close() {
      closing.abort();
      clients.destroy();
      assumer?.destroy();
    },
  };
}
