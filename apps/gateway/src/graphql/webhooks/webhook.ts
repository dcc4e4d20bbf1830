import type { WebhookDisabledReason, WebhookEventKind, WebhookState } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";
import { WebhookDisabledReasonEnum, WebhookEventKindEnum, WebhookStateEnum } from "./enums.js";

@ObjectType("Webhook", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A receiver of the customer's that is told what happens to the account, in messages signed as Standard Webhooks says.",
})
export class WebhookView extends Node {
  declare readonly __typename: "Webhook";

  @Field(() => String, { description: "Where messages are posted to." })
  readonly url!: string;

  @Field(() => String, { nullable: true, description: "What people call it." })
  readonly description!: string | null;

  @Field(() => [WebhookEventKindEnum], { description: "What it is told of." })
  readonly kinds!: readonly WebhookEventKind[];

  @Field(() => Boolean, { description: "Whether new messages are sent." })
  readonly enabled!: boolean;

  @Field(() => WebhookStateEnum, { description: "How it does." })
  readonly state!: WebhookState;

  @Field(() => WebhookDisabledReasonEnum, { nullable: true, description: "Set while DISABLED." })
  readonly disabledReason!: WebhookDisabledReason | null;

  @Field(() => DateTime, { nullable: true, description: "When the first attempt failed since which none succeeded." })
  readonly failingSince!: Date | null;

  @Field(() => DateTime, { description: "When it was made." })
  readonly createdAt!: Date;

  @Field(() => DateTime, {
    description: "When its present secret was made. The secret itself is shown once, in the answer that makes it.",
  })
  readonly secretCreatedAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "Until then messages carry a signature by the former secret too. Null: there is none that is still valid.",
  })
  readonly formerSecretValidUntil!: Date | null;
}

export const WebhookConnection = connectionType("Webhook", () => WebhookView);
