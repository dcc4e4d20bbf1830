import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { shown } from "../shown.js";
import { boundedId } from "./bounded-id.js";
import { Node } from "./node.js";
import { presentNode } from "./present-node.js";

@Resolver()
export class NodeQuery {
  @Query(() => Node, {
    nullable: true,
    description: "Anything by its id. Null when it does not exist or belongs to an account that the caller may not see.",
  })
  async node(
    @Arg("id", () => ID, { description: "The id of whatever it is." }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<Node | null> {
    const found = await shown(context.useCases.queries.node(context.caller, boundedId(id)));
    return found && presentNode(found, context);
  }
}
