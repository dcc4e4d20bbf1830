import type { JobStatus } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { boundedId } from "../relay/bounded-id.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { BackupConnection, type BackupView } from "./backup.js";
import { presentBackup } from "./present-backup.js";
import { createSurroundings } from "./surroundings.js";

@Resolver(() => AccountView)
export class AccountBackups {
  @FieldResolver(() => BackupConnection, { description: "Its backups, newest first." })
  async backups(
    @Root() account: AccountView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Arg("status", () => JobStatusEnum, { nullable: true, description: "Only those that stand here. Null: all." }) status:
      | JobStatus
      | null
      | undefined,
    @Arg("sourceId", () => ID, { nullable: true, description: "Only those of this source. Null: of all." }) sourceId:
      | string
      | null
      | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<Connection<BackupView>> {
    const request = pageRequest("backup", first, after);
    const filter = withoutNulls<{ status?: JobStatus | null; sourceId?: string | null }>({
      status: status ?? null,
      sourceId: sourceId == null ? null : boundedId(sourceId),
    });
    const surroundings = createSurroundings(context, account.id);
    return presentPage({
      kind: "backup",
      request,
      page: await shown(context.useCases.queries.backups(context.caller, account.id, request, filter)),
      present: (backup) => presentBackup(backup, surroundings),
    });
  }
}
