import type { NodeValue } from "@ekm/ekm";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { presentAccount } from "../accounts/present-account.js";
import { presentBackup } from "../backups/present-backup.js";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { presentRestore } from "../restores/present-restore.js";
import { shown } from "../shown.js";
import { presentSource } from "../sources/present-source.js";
import { boundedId } from "./bounded-id.js";
import { Node } from "./node.js";

@Resolver()
export class NodeQuery {
  @Query(() => Node, { nullable: true })
  async node(@Arg("id", () => ID) id: string, @Ctx() context: GraphQLContext): Promise<Node | null> {
    const found = await shown(context.useCases.queries.node(context.caller, boundedId(id)));
    return found && presentNode(found, context);
  }
}

function presentNode(node: NodeValue, context: GraphQLContext): Node {
  switch (node.kind) {
    case "account":
      return presentAccount(node.value, context.now());
    case "source":
      return presentSource(node.value);
    case "backup":
      return presentBackup(node.value, createSurroundings(context, node.value.accountId));
    case "restore":
      return presentRestore(node.value, createSurroundings(context, node.value.accountId));
  }
}
