import { accountNotFound, scope } from "../access/authorize.js";
import { accountForWrite, saveAccount } from "../accounts/write-account.js";
import { fail, ok } from "../errors/outcome.js";
import { customerKeyOf, putHealth } from "../health/record-observation.js";
import { accountEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { MAX_REASON_LENGTH } from "./lock-account-keys.js";

/** Lifts the lock. Nobody has used the key meanwhile, so its health is UNKNOWN until the next probe, which is due at once. */
export function unlockAccountKeys(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["unlockAccountKeys"] {
  const { store, clock, ids } = ports;
  return idempotent(ports, "unlockAccountKeys", accountEntity(ports), async (caller, input, claim) => {
    const scoped = scope(caller, "unlockAccountKeys", input.accountId);
    if (!scoped.ok) return scoped;
    const reason = boundedText(input.reason, MAX_REASON_LENGTH, "reason");
    if (!reason.ok) return fail(reason.error);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, scoped.value, now);
      if (!account) return fail(accountNotFound());
      const { keyLock, ...unlocked } = account;
      if (!keyLock) {
        await claim.complete(tx, account);
        return ok(account);
      }

      const saved = await saveAccount(tx, { ...unlocked, keyEpoch: account.keyEpoch + 1 });
      const key = customerKeyOf(saved);
      if (key) {
        const before = await tx.health.current(saved.id);
        await putHealth(tx, ids, { account: saved, key, before, observation: { kind: "unlocked" } }, now);
      }
      await tx.audit.append(saved.id, now, {
        actor: caller.subject,
        action: "KEYS_UNLOCKED",
        outcome: "DONE",
        subject: saved.id,
        detail: `The account's keys were unlocked: ${reason.value}`,
        awsRequestIds: [],
      });
      await claim.complete(tx, saved);
      return ok(saved);
    });
  });
}
