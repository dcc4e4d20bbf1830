import { afterEach, beforeEach, describe } from "vitest";
import type { Store } from "../../src/ports/store.js";
import { accountsContract } from "./store/accounts.js";
import { auditContract } from "./store/audit.js";
import { backupsContract } from "./store/backups.js";
import { checkpointsContract } from "./store/checkpoints.js";
import { eventsContract } from "./store/events.js";
import { healthContract } from "./store/health.js";
import { idempotencyContract } from "./store/idempotency.js";
import { intentsContract } from "./store/intents.js";
import { jobsContract } from "./store/jobs.js";
import { keysContract } from "./store/keys.js";
import { keysetContract } from "./store/keyset.js";
import { rotationsContract } from "./store/rotations.js";
import { transactionsContract } from "./store/transactions.js";
import { verificationsContract } from "./store/verifications.js";
import { webhooksContract } from "./store/webhooks.js";

/**
 * What every Store must do, whatever is behind it. `openStore` gives a new, empty one for each test. Leases are tested by
 * leases that end at once, so the store's clock may be real or stand still (at or after 2026-01-05).
 */
export function storeContract(name: string, openStore: () => Promise<{ store: Store; cleanup: () => Promise<void> }>): void {
  describe(`store contract: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof openStore>>;
    beforeEach(async () => {
      opened = await openStore();
    });
    afterEach(() => opened.cleanup());

    const store = () => opened.store;
    transactionsContract(store);
    accountsContract(store);
    keysContract(store);
    keysetContract(store);
    healthContract(store);
    backupsContract(store);
    verificationsContract(store);
    rotationsContract(store);
    auditContract(store);
    checkpointsContract(store);
    eventsContract(store);
    jobsContract(store);
    idempotencyContract(store);
    intentsContract(store);
    webhooksContract(store);
  });
}
