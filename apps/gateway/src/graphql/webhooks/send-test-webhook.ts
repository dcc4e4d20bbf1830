import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT } from "../described.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentDelivery, WebhookDeliveryPayload, WebhookInput } from "./webhook-payloads.js";

@Resolver()
export class SendTestWebhook {
  @Mutation(() => WebhookDeliveryPayload, {
    description:
      "Sends `ekm.webhook.test`, once and to a disabled webhook too. What came of it is seen in the delivery, a moment later.",
  })
  async sendTestWebhook(
    @Arg("input", () => WebhookInput, { description: INPUT }) input: WebhookInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WebhookDeliveryPayload> {
    return presentDelivery(await settle(() => context.useCases.sendTestWebhook(context.caller, withoutNulls(input))));
  }
}
