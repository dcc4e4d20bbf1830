import type { JobStatus } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { presentRestore } from "./present-restore.js";
import { RestoreConnection, type RestoreView } from "./restore.js";

@Resolver(() => AccountView)
export class AccountRestores {
  @FieldResolver(() => RestoreConnection, { description: "Its restores, newest first." })
  async restores(
    @Root() account: AccountView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Arg("status", () => JobStatusEnum, { nullable: true, description: "Only those that stand here. Null: all." }) status:
      | JobStatus
      | null
      | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<Connection<RestoreView>> {
    const request = pageRequest("restore", first, after);
    const filter = status == null ? {} : { status };
    const surroundings = createSurroundings(context, account.id);
    return presentPage({
      kind: "restore",
      request,
      page: await shown(context.useCases.queries.restores(context.caller, account.id, request, filter)),
      present: (restore) => presentRestore(restore, surroundings),
    });
  }
}
