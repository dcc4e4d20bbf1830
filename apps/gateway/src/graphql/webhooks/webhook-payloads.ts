import type { WebhookDelivery, WebhookWithSecret } from "@ekm/ekm";
import { Field, ID, InputType, ObjectType } from "type-graphql";
import { IDEMPOTENCY_KEY, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import type { Settled } from "../mutations/settle.js";
import { presentWebhook } from "./present-webhook.js";
import { presentWebhookDelivery } from "./present-webhook-delivery.js";
import { WebhookView } from "./webhook.js";
import { WebhookDeliveryView } from "./webhook-delivery.js";

@InputType({ description: "Names one webhook." })
export class WebhookInput {
  @Field(() => ID, { description: "The webhook." })
  @IdBound()
  readonly webhookId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "A webhook and its new secret." })
export class WebhookSecretPayload {
  @Field(() => WebhookView, { nullable: true, description: "Null when the request was refused." })
  readonly webhook!: WebhookView | null;

  @Field(() => String, {
    nullable: true,
    description: "`whsec_...`, shown in this answer alone. Null when the request is a repeat: if it was lost, rotate it.",
  })
  readonly secret!: string | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

export const presentSecret = ({ value, userErrors }: Settled<WebhookWithSecret>, now: Date): WebhookSecretPayload => ({
  webhook: value && presentWebhook(value.webhook, now),
  secret: value?.secret ?? null,
  userErrors,
});

@ObjectType({ simpleResolvers: true, description: "One message to a webhook." })
export class WebhookDeliveryPayload {
  @Field(() => WebhookDeliveryView, { nullable: true, description: "Null when the request was refused." })
  readonly delivery!: WebhookDeliveryView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

export const presentDelivery = ({ value, userErrors }: Settled<WebhookDelivery>): WebhookDeliveryPayload => ({
  delivery: value && presentWebhookDelivery(value),
  userErrors,
});
