import { type AccountEvent, eventId } from "@ekm/ekm";
import { presentAccount } from "../accounts/present-account.js";
import { BackupView } from "../backups/backup.js";
import type { GraphQLContext } from "../context.js";
import type { Node } from "../relay/node.js";
import { presentNode } from "../relay/present-node.js";
import { RestoreView } from "../restores/restore.js";
import { KeyRotationView } from "../rotations/key-rotation.js";
import { shown } from "../shown.js";
import { VerificationView } from "../verifications/verification.js";
import type { AccountEventView } from "./account-event.js";

export function presentAccountEvent(event: AccountEvent, context: GraphQLContext): AccountEventView {
  const { accountId, kind, subject, at } = event;
  const { caller, useCases, now } = context;
  const subjectOf = async <T extends Node>(typename: T["__typename"]): Promise<T | null> => {
    const found = subject === undefined ? null : await shown(useCases.queries.node(caller, subject));
    const node = found && presentNode(found, context);
    return node?.__typename === typename ? (node as T) : null;
  };
  return {
    id: eventId(event),
    at,
    kind,
    account: async () => {
      const account = await shown(useCases.queries.account(caller, accountId));
      if (account === null) throw new Error(`an event of ${accountId}, which cannot be seen`);
      return presentAccount(account, now());
    },
    rotation: () => subjectOf<KeyRotationView>("KeyRotation"),
    backup: () => subjectOf<BackupView>("Backup"),
    restore: () => subjectOf<RestoreView>("Restore"),
    verification: () => subjectOf<VerificationView>("Verification"),
  };
}
