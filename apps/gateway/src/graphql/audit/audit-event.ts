import { AUDIT_ACTIONS, type AuditAction, type AuditOutcome } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";
import { enumOf } from "../scalars/enum-of.js";

export const AuditActionEnum = enumOf("AuditAction", AUDIT_ACTIONS);
export const AuditOutcomeEnum = enumOf("AuditOutcome", ["DONE", "REFUSED", "FAILED"]);

@ObjectType("AuditEvent", { implements: Node, simpleResolvers: true })
export class AuditEventView extends Node {
  declare readonly __typename: "AuditEvent";

  @Field(() => BigIntString)
  readonly sequence!: number;

  @Field(() => DateTime)
  readonly at!: Date;

  @Field(() => String)
  readonly actor!: string;

  @Field(() => AuditActionEnum)
  readonly action!: AuditAction;

  @Field(() => AuditOutcomeEnum)
  readonly outcome!: AuditOutcome;

  @Field(() => String, { nullable: true })
  readonly subject!: string | null;

  @Field(() => String)
  readonly detail!: string;

  @Field(() => [String])
  readonly awsRequestIds!: readonly string[];

  @Field(() => String, { description: "SHA-256 over this entry and the previous hash, hex; one chain per account." })
  readonly hash!: string;

  @Field(() => String)
  readonly previousHash!: string;
}

export const AuditEventConnection = connectionType("AuditEvent", () => AuditEventView);
