import { ok } from "../errors/outcome.js";
import type { Entity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { auditChange } from "./audit-change.js";
import { webhookForWrite } from "./webhook-for-write.js";

/** What is left of it for a repeat of the request. */
export interface DeletedWebhook {
  readonly id: string;
  readonly accountId: string;
}

const deletedEntity: Entity<DeletedWebhook> = {
  idOf: ({ accountId, id }) => `${accountId}/${id}`,
  accountIdOf: ({ accountId }) => accountId,
  async find(name) {
    const [accountId = "", id = ""] = name.split("/");
    return { accountId, id };
  },
};

/** With its secrets and its deliveries. */
export function deleteWebhook(ports: Pick<Ports, "store" | "clock">): UseCases["deleteWebhook"] {
  const { store, clock } = ports;
  return idempotent(ports, "deleteWebhook", deletedEntity, (caller, input, claim) =>
    store.transaction(async (tx) => {
      const found = await webhookForWrite(tx, caller, "deleteWebhook", input.webhookId);
      if (!found.ok) return found;
      const { id, accountId } = found.value;
      await tx.webhooks.delete(id);
      await auditChange(tx, found.value, clock.now(), caller.subject, "was deleted, with its deliveries.");
      await claim.complete(tx, { id, accountId });
      return ok({ id, accountId });
    }),
  );
}
