import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { CustomerKeyView } from "./customer-key.js";
import { KeyHealthConnection, KeyHealthView } from "./key-health.js";
import { presentKeyHealth } from "./present-key-health.js";

@Resolver(() => CustomerKeyView)
export class CustomerKeyFields {
  @FieldResolver(() => KeyHealthView, { description: "What the last use of it has shown." })
  async health(@Root() key: CustomerKeyView, @Ctx() { caller, useCases }: GraphQLContext): Promise<KeyHealthView> {
    const health = await shown(useCases.queries.keyHealth(caller, key.accountId));
    if (health === null) {
      const since = key.enabledAt;
      return { state: "UNKNOWN", since, problem: null, warnings: [], checkedAt: since, lastUsableAt: null, deletionDate: null };
    }
    return presentKeyHealth(health);
  }

  @FieldResolver(() => KeyHealthConnection, { description: "Every change of the state or of its reason, newest first." })
  async healthHistory(
    @Root() key: CustomerKeyView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 50, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { caller, useCases }: GraphQLContext,
  ): Promise<Connection<KeyHealthView>> {
    const request = pageRequest("health", first, after, 50);
    return presentPage({
      kind: "health",
      request,
      page: await shown(useCases.queries.healthHistory(caller, key.accountId, request)),
      present: presentKeyHealth,
    });
  }
}
