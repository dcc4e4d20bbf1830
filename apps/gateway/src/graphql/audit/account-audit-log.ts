import type { AuditAction } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { AuditActionEnum, AuditEventConnection, type AuditEventView } from "./audit-event.js";
import { presentAuditEvent } from "./present-audit-event.js";

@Resolver(() => AccountView)
export class AccountAuditLog {
  @FieldResolver(() => AuditEventConnection, { description: "Who did what, newest first." })
  async auditLog(
    @Root() account: AccountView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 50, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Arg("action", () => AuditActionEnum, { nullable: true, description: "Only entries of this action. Null: all." }) action:
      | AuditAction
      | null
      | undefined,
    @Ctx() { caller, useCases }: GraphQLContext,
  ): Promise<Connection<AuditEventView>> {
    const request = pageRequest("audit", first, after, 50);
    const filter = action == null ? {} : { action };
    return presentPage({
      kind: "audit",
      request,
      page: await shown(useCases.queries.auditLog(caller, account.id, request, filter)),
      present: presentAuditEvent,
    });
  }
}
