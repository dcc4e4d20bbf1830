import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { presentWebhook } from "./present-webhook.js";
import { WebhookConnection, type WebhookView } from "./webhook.js";

@Resolver(() => AccountView)
export class AccountWebhooks {
  @FieldResolver(() => WebhookConnection, { description: "Receivers that are told what happens to the account, newest first." })
  async webhooks(
    @Root() account: AccountView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { caller, useCases, now }: GraphQLContext,
  ): Promise<Connection<WebhookView>> {
    const request = pageRequest("webhook", first, after);
    return presentPage({
      kind: "webhook",
      request,
      page: await shown(useCases.queries.webhooks(caller, account.id, request)),
      present: (webhook) => presentWebhook(webhook, now()),
    });
  }
}
