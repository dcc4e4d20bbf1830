import { accountNotFound, scope } from "../access/authorize.js";
import { accountForWrite, saveAccount } from "../accounts/write-account.js";
import { problem } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { customerKeyOf, putHealth } from "../health/record-observation.js";
import { accountEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";

export const MAX_REASON_LENGTH = 500;

/**
 * Locks the account's keys on our side, under the customer's key and under the vendor's alike: the new key epoch tells every
 * process, and whatever uses the keys answers KEYS_LOCKED. An account that is locked stays as it is, under its first lock.
 */
export function lockAccountKeys(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["lockAccountKeys"] {
  const { store, clock, ids } = ports;
  return idempotent(ports, "lockAccountKeys", accountEntity(ports), async (caller, input, claim) => {
    const scoped = scope(caller, "lockAccountKeys", input.accountId);
    if (!scoped.ok) return scoped;
    const reason = boundedText(input.reason, MAX_REASON_LENGTH, "reason");
    if (!reason.ok) return fail(reason.error);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, scoped.value, now);
      if (!account) return fail(accountNotFound());
      if (account.keyLock) {
        await claim.complete(tx, account);
        return ok(account);
      }

      const keyLock = { lockedAt: now, lockedBy: caller.subject, reason: reason.value };
      const saved = await saveAccount(tx, { ...account, keyLock, keyEpoch: account.keyEpoch + 1 });
      const key = customerKeyOf(saved);
      if (key) {
        const before = await tx.health.current(saved.id);
        const observation = { kind: "locked", problem: problem("KEYS_LOCKED") } as const;
        await putHealth(tx, ids, { account: saved, key, before, observation }, now);
      }
      await tx.audit.append(saved.id, now, {
        actor: caller.subject,
        action: "KEYS_LOCKED",
        outcome: "DONE",
        subject: saved.id,
        detail: `The account's keys were locked: ${reason.value}`,
        awsRequestIds: [],
      });
      await claim.complete(tx, saved);
      return ok(saved);
    });
  });
}
