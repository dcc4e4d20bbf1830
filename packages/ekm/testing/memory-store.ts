import type { Clock, Ids } from "../src/ports/clock.js";
import { type Repositories, type Store, StoreError } from "../src/ports/store.js";
import { memoryAccounts } from "./memory-store/accounts.js";
import { memoryAudit } from "./memory-store/audit.js";
import { memoryCheckpoints } from "./memory-store/checkpoints.js";
import { memoryEvents } from "./memory-store/events.js";
import { memoryHealth } from "./memory-store/health.js";
import { memoryIdempotency } from "./memory-store/idempotency.js";
import { memoryIntents } from "./memory-store/intents.js";
import { memoryBackups, memoryRestores, memorySources, memoryVerifications } from "./memory-store/job-rows.js";
import { memoryJobs } from "./memory-store/jobs.js";
import { memoryKeys } from "./memory-store/keys.js";
import { memoryRotations } from "./memory-store/rotations.js";
import { copyState, emptyState, type State, type Tables } from "./memory-store/state.js";
import { memoryDeletionReminders, memoryWebhookDeliveries, memoryWebhooks } from "./memory-store/webhooks.js";

export interface MemoryStore extends Store {
  /** How often `scrub` was called. */
  readonly scrubs: number;
}

/**
 * The Store port in memory, for tests. Transactions run one after another on a copy of the state; the copy becomes the state
 * when the work resolves. Writing through `read`, or through a transaction that has ended, throws StoreError.
 */
export function createMemoryStore(parts: { clock: Clock; ids: Ids }): MemoryStore {
  let committed = emptyState();
  let last: Promise<unknown> = Promise.resolve();
  let scrubs = 0;
  const refuseWrite = (): State => {
    throw new StoreError("writes need a transaction");
  };
  return {
    read: repositories({ ...parts, read: () => committed, write: refuseWrite }),
    transaction(work) {
      const run = last.then(async () => {
        const working = copyState(committed);
        let open = true;
        const state = (): State => {
          if (!open) throw new StoreError("the transaction has ended");
          return working;
        };
        try {
          const result = await work(repositories({ ...parts, read: state, write: state }));
          committed = working;
          return result;
        } finally {
          open = false;
        }
      });
      last = run.catch(() => undefined);
      return run;
    },
    async scrub() {
      scrubs += 1;
    },
    async close() {
      await last;
    },
    get scrubs() {
      return scrubs;
    },
  };
}

const repositories = (tables: Tables): Repositories => ({
  accounts: memoryAccounts(tables),
  keys: memoryKeys(tables),
  health: memoryHealth(tables),
  sources: memorySources(tables),
  backups: memoryBackups(tables),
  restores: memoryRestores(tables),
  verifications: memoryVerifications(tables),
  rotations: memoryRotations(tables),
  audit: memoryAudit(tables),
  checkpoints: memoryCheckpoints(tables),
  events: memoryEvents(tables),
  jobs: memoryJobs(tables),
  idempotency: memoryIdempotency(tables),
  intents: memoryIntents(tables),
  webhooks: memoryWebhooks(tables),
  webhookDeliveries: memoryWebhookDeliveries(tables),
  deletionReminders: memoryDeletionReminders(tables),
});
