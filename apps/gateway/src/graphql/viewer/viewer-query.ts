import { Ctx, FieldResolver, Query, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { shown } from "../shown.js";
import { ViewerView } from "./viewer.js";

@Resolver(() => ViewerView)
export class ViewerQuery {
  @Query(() => ViewerView)
  viewer(@Ctx() { caller }: GraphQLContext): ViewerView {
    return { subject: caller.subject, roles: caller.roles };
  }

  @FieldResolver(() => AccountView, { nullable: true })
  async account(@Ctx() { caller, useCases, now }: GraphQLContext): Promise<AccountView | null> {
    if (caller.accountId === undefined) return null;
    const account = await shown(useCases.queries.account(caller));
    return account && presentAccount(account, now());
  }
}
