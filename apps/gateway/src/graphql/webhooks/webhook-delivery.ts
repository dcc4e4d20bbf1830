import type { WebhookDeliveryState } from "@ekm/ekm";
import { Field, Int, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";
import { WebhookDeliveryStateEnum } from "./enums.js";

@ObjectType("WebhookAttempt", {
  simpleResolvers: true,
  description: "One request to the receiver. What it answers is not kept, but for the status.",
})
export class WebhookAttemptView {
  @Field(() => DateTime, { description: "When the request was sent." })
  readonly at!: Date;

  @Field(() => Int, { description: "Until the answer, or the failure, in milliseconds." })
  readonly durationMs!: number;

  @Field(() => Int, { nullable: true, description: "HTTP status of the answer. Null when there was none." })
  readonly statusCode!: number | null;

  @Field(() => String, { nullable: true, description: "Why it did not succeed, in words. Null when it did." })
  readonly error!: string | null;
}

@ObjectType("WebhookDelivery", {
  implements: Node,
  simpleResolvers: true,
  description: "One message for one webhook, and what became of it. Kept for 30 days after its end.",
})
export class WebhookDeliveryView extends Node {
  declare readonly __typename: "WebhookDelivery";

  @Field(() => String, {
    description: "The header `webhook-id`: the same at every attempt. Receivers tell by it what they have seen already.",
  })
  readonly messageId!: string;

  @Field(() => String, { description: "Type of the message, such as `ekm.key_health.changed`." })
  readonly type!: string;

  @Field(() => WebhookDeliveryStateEnum, { description: "Whether it arrived." })
  readonly state!: WebhookDeliveryState;

  @Field(() => DateTime, { description: "When the event happened, or the test was asked for." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "Set while PENDING." })
  readonly nextAttemptAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it was delivered or given up." })
  readonly finishedAt!: Date | null;

  @Field(() => [WebhookAttemptView], { description: "The latest twenty, oldest first." })
  readonly attempts!: readonly WebhookAttemptView[];

  @Field(() => String, { description: "The body that is sent, byte for byte: a JSON document." })
  readonly body!: string;
}

export const WebhookDeliveryConnection = connectionType("WebhookDelivery", () => WebhookDeliveryView);
