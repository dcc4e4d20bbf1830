import type { NodeValue } from "@ekm/ekm";
import { presentAccount } from "../accounts/present-account.js";
import { presentAuditEvent } from "../audit/present-audit-event.js";
import { presentBackup } from "../backups/present-backup.js";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { presentRestore } from "../restores/present-restore.js";
import { presentRotation } from "../rotations/present-rotation.js";
import { presentSource } from "../sources/present-source.js";
import { presentVerification } from "../verifications/present-verification.js";
import { presentWebhook } from "../webhooks/present-webhook.js";
import { presentWebhookDelivery } from "../webhooks/present-webhook-delivery.js";
import type { Node } from "./node.js";

/** Whatever has an id, as its GraphQL type. */
export function presentNode(node: NodeValue, context: GraphQLContext): Node {
  switch (node.kind) {
    case "account":
      return presentAccount(node.value, context.now());
    case "source":
      return presentSource(node.value);
    case "backup":
      return presentBackup(node.value, createSurroundings(context, node.value.accountId));
    case "restore":
      return presentRestore(node.value, createSurroundings(context, node.value.accountId));
    case "verification":
      return presentVerification(node.value, createSurroundings(context, node.value.accountId));
    case "rotation":
      return presentRotation(node.value, context);
    case "auditEvent":
      return presentAuditEvent(node.value);
    case "webhook":
      return presentWebhook(node.value, context.now());
    case "webhookDelivery":
      return presentWebhookDelivery(node.value);
  }
}
