import { accountNotFound, scope } from "../access/authorize.js";
import { refuseUnactivated } from "../accounts/effective-ekm.js";
import { accountForWrite, saveAccount } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import { accountEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";

const MAX_REASON_LENGTH = 500;

/** Support only, before enabling only. */
export function withdrawEkmActivation(ports: Pick<Ports, "store" | "clock">): UseCases["withdrawEkmActivation"] {
  const { store, clock } = ports;
  return idempotent(ports, "withdrawEkmActivation", accountEntity(ports), async (caller, input, claim) => {
    const scoped = scope(caller, "withdrawEkmActivation", input.accountId);
    if (!scoped.ok) return scoped;
    const reason = boundedText(input.reason, MAX_REASON_LENGTH, "reason");
    if (!reason.ok) return fail(reason.error);

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, scoped.value, now);
      if (!account) return fail(accountNotFound());
      const unactivated = refuseUnactivated(account);
      if (unactivated) return fail(unactivated);
      if (account.ekm.status !== "ACTIVATED") return fail([rejection("EKM_IRREVERSIBLE")]);

      const saved = await saveAccount(tx, { ...account, ekm: { status: "NOT_ACTIVATED" } });
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "EKM_ACTIVATION_WITHDRAWN",
        outcome: "DONE",
        subject: account.id,
        detail: `The activation was withdrawn: ${reason.value}`,
        awsRequestIds: [],
      });
      await claim.complete(tx, saved);
      return ok(saved);
    });
  });
}
