import { AUDIT_ACTIONS, type AuditAction, type AuditOutcome } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";
import { enumOf } from "../scalars/enum-of.js";

export const AuditActionEnum = enumOf("AuditAction", AUDIT_ACTIONS, "What was done, or tried.", {
  ACCOUNT_CREATED: "Support created the account.",
  SOURCE_REGISTERED: "A backup source was registered.",
  EKM_ACTIVATED: "Support activated EKM, or changed the activation; the detail holds the ticket.",
  EKM_ACTIVATION_WITHDRAWN: "Support withdrew an activation that was not used yet.",
  EKM_ACTIVATION_LAPSED: "An activation was not used in time.",
  KEY_VALIDATED: "A key was checked, by itself or before enabling or rotating.",
  EKM_ENABLED: "The customer's key took over. Irreversible.",
  TERMS_ACCEPTED: "The legal terms were accepted; the detail holds the version.",
  ROTATION_STARTED: "A rotation to another key began.",
  GENERATION_REWRAPPED: "One generation of the account's key was wrapped under the new key; the detail says how.",
  ROTATION_SWITCHED: "The new key became the current one.",
  ROTATION_PAUSED: "A rotation was paused, by the admin or by a key that refused.",
  ROTATION_RESUMED: "A rotation went on, by the admin or by itself.",
  ROTATION_COMPLETED: "A rotation ended, and its certificate was signed.",
  ROTATION_CANCELLED: "The admin cancelled a rotation before its switch.",
  ROTATION_FAILED: "A rotation ended without a switch.",
  KEY_HEALTH_CHANGED: "The state of the key, or the reason of it, changed.",
  KEYS_LOCKED: "The account's keys were locked on our side.",
  KEYS_UNLOCKED: "The account's keys were unlocked.",
  BACKUP: "A backup was asked for, was cancelled or ended.",
  RESTORE: "A restore was asked for, was cancelled or ended.",
  VERIFICATION: "A verification was asked for, was cancelled or ended.",
  ACCOUNT_READ_BY_SUPPORT: "Support looked at the account: one entry for each request, and for each subscription.",
  WEBHOOK_CHANGED: "An endpoint for webhooks was made, changed or removed.",
  EXIT_KIT_EXPORTED: "The account's wrapped keys were exported.",
});
export const AuditOutcomeEnum = enumOf("AuditOutcome", ["DONE", "REFUSED", "FAILED"], "How it ended.", {
  DONE: "It was done.",
  REFUSED: "The key, or its owner, did not allow it.",
  FAILED: "It was tried and did not succeed, or was cancelled.",
});

@ObjectType("AuditEvent", {
  implements: Node,
  simpleResolvers: true,
  description: "An entry of the account's audit log. Entries are chained by hashes: none can be changed or left out unseen.",
})
export class AuditEventView extends Node {
  declare readonly __typename: "AuditEvent";

  @Field(() => BigIntString, { description: "1, 2, 3, ... within the account, without a gap." })
  readonly sequence!: number;

  @Field(() => DateTime, { description: "When it was written." })
  readonly at!: Date;

  @Field(() => String, {
    description: "The subject of the token that asked for it; `system` for what the product did by itself.",
  })
  readonly actor!: string;

  @Field(() => AuditActionEnum, { description: "What was done, or tried." })
  readonly action!: AuditAction;

  @Field(() => AuditOutcomeEnum, { description: "How it ended." })
  readonly outcome!: AuditOutcome;

  @Field(() => String, {
    nullable: true,
    description: "The id or ARN that it is about. Null when it is about nothing in particular.",
  })
  readonly subject!: string | null;

  @Field(() => String, { description: "A sentence for people, without secrets." })
  readonly detail!: string;

  @Field(() => [String], {
    description: "AWS's ids of the requests that belong to it, as in CloudTrail. Empty when AWS was not asked.",
  })
  readonly awsRequestIds!: readonly string[];

  @Field(() => String, { description: "SHA-256 over this entry and the previous hash, hex; one chain per account." })
  readonly hash!: string;

  @Field(() => String, { description: "`hash` of the entry before; 64 zeros for the first." })
  readonly previousHash!: string;
}

export const AuditEventConnection = connectionType("AuditEvent", () => AuditEventView);
