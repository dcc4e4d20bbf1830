import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { IDEMPOTENCY_KEY, INPUT } from "../described.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentDelivery, WebhookDeliveryPayload } from "./webhook-payloads.js";

@InputType({ description: "Which message is to be sent again." })
export class RedeliverWebhookInput {
  @Field(() => ID, { description: "The delivery." })
  @IdBound()
  readonly deliveryId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@Resolver()
export class RedeliverWebhook {
  @Mutation(() => WebhookDeliveryPayload, {
    description: "Sends the same message again, now and under the same id, with as many attempts as at first.",
  })
  async redeliverWebhook(
    @Arg("input", () => RedeliverWebhookInput, { description: INPUT }) input: RedeliverWebhookInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WebhookDeliveryPayload> {
    return presentDelivery(await settle(() => context.useCases.redeliverWebhook(context.caller, withoutNulls(input))));
  }
}
