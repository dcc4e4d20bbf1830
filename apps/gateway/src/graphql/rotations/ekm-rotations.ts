import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { AFTER, FIRST } from "../described.js";
import { EkmConfigurationView } from "../ekm/ekm-configuration.js";
import { type Connection, presentPage } from "../relay/connection.js";
import { pageRequest } from "../relay/page-request.js";
import { shown } from "../shown.js";
import { KeyRotationConnection, KeyRotationView } from "./key-rotation.js";
import { presentRotation } from "./present-rotation.js";

@Resolver(() => EkmConfigurationView)
export class EkmRotations {
  @FieldResolver(() => KeyRotationView, {
    nullable: true,
    description: "The rotation that is running or paused. Null unless status is ROTATING.",
  })
  async activeRotation(@Root() ekm: EkmConfigurationView, @Ctx() context: GraphQLContext): Promise<KeyRotationView | null> {
    const rotation = await shown(context.useCases.queries.activeRotation(context.caller, ekm.accountId));
    return rotation && presentRotation(rotation, context);
  }

  @FieldResolver(() => KeyRotationConnection, { description: "All rotations, newest first." })
  async rotations(
    @Root() ekm: EkmConfigurationView,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20, description: FIRST }) first: number | null,
    @Arg("after", () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<Connection<KeyRotationView>> {
    const request = pageRequest("rotation", first, after);
    return presentPage({
      kind: "rotation",
      request,
      page: await shown(context.useCases.queries.rotations(context.caller, ekm.accountId, request)),
      present: (rotation) => presentRotation(rotation, context),
    });
  }
}
