import { Ctx, FieldResolver, Query, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { shown } from "../shown.js";
import { ViewerView } from "./viewer.js";

@Resolver(() => ViewerView)
export class ViewerQuery {
  @Query(() => ViewerView, { description: "Any role, even none: who the token says is asking." })
  viewer(@Ctx() { caller }: GraphQLContext): ViewerView {
    return { subject: caller.subject, roles: caller.roles };
  }

  @FieldResolver(() => AccountView, { nullable: true, description: "The token's own account. Null for support, which has none." })
  async account(@Ctx() { caller, useCases, now }: GraphQLContext): Promise<AccountView | null> {
    if (caller.accountId === undefined) return null;
    const account = await shown(useCases.queries.account(caller));
    return account && presentAccount(account, now());
  }
}
