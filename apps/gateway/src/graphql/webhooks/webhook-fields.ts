import type { WebhookDeliveryState } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { WebhookDeliveryStateEnum } from "./enums.js";
import { presentWebhookDelivery } from "./present-webhook-delivery.js";
import { WebhookView } from "./webhook.js";
import { WebhookDeliveryConnection, type WebhookDeliveryView } from "./webhook-delivery.js";

@Resolver(() => WebhookView)
export class WebhookFields {
  @FieldResolver(() => WebhookDeliveryConnection, { description: "What it was sent, newest first." })
  async deliveries(
    @Root() webhook: WebhookView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Arg("state", () => WebhookDeliveryStateEnum, { nullable: true, description: "Null: in whatever state." }) state:
      | WebhookDeliveryState
      | null
      | undefined,
    @Ctx() { caller, useCases }: GraphQLContext,
  ): Promise<Connection<WebhookDeliveryView>> {
    const request = pageRequest("webhookDelivery", first, after);
    const filter = state == null ? {} : { state };
    return presentPage({
      kind: "webhookDelivery",
      request,
      page: await shown(useCases.queries.webhookDeliveries(caller, webhook.id, request, filter)),
      present: presentWebhookDelivery,
    });
  }
}
