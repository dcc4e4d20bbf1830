import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { boundedId } from "../relay/bounded-id.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { AccountConnection, AccountView } from "./account.js";
import { AccountFilterInput } from "./account-filter.js";
import { presentAccount } from "./present-account.js";

@Resolver()
export class Accounts {
  @Query(() => AccountView, {
    nullable: true,
    description: "The caller's own account when id is omitted. Another tenant's id answers null, as an unknown id does.",
  })
  async account(
    @Arg("id", () => ID, { nullable: true, description: "Null: the caller's own." }) id: string | null | undefined,
    @Ctx() { caller, useCases, now }: GraphQLContext,
  ): Promise<AccountView | null> {
    const account = await shown(useCases.queries.account(caller, id == null ? undefined : boundedId(id)));
    return account && presentAccount(account, now());
  }

  @Query(() => AccountConnection, { description: "Support only." })
  async accounts(
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Arg("filter", () => AccountFilterInput, { nullable: true, description: "Null: all accounts." }) filter:
      | AccountFilterInput
      | null
      | undefined,
    @Ctx() { caller, useCases, now }: GraphQLContext,
  ): Promise<Connection<AccountView>> {
    const request = pageRequest("account", first, after);
    return presentPage({
      kind: "account",
      request,
      page: await shown(useCases.queries.accounts(caller, request, withoutNulls(filter ?? {}))),
      present: (account) => presentAccount(account, now()),
    });
  }
}
