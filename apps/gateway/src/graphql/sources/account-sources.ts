import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { BackupSourceConnection, type BackupSourceView } from "./backup-source.js";
import { presentSource } from "./present-source.js";

@Resolver(() => AccountView)
export class AccountSources {
  @FieldResolver(() => BackupSourceConnection, { description: "Its backup sources, newest first." })
  async sources(
    @Root() account: AccountView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { caller, useCases }: GraphQLContext,
  ): Promise<Connection<BackupSourceView>> {
    const request = pageRequest("source", first, after);
    return presentPage({
      kind: "source",
      request,
      page: await shown(useCases.queries.sources(caller, account.id, request)),
      present: presentSource,
    });
  }
}
