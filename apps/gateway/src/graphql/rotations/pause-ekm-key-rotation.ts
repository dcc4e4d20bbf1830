import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT } from "../described.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentRotation } from "./present-rotation.js";
import { RotationInput, RotationPayload } from "./rotation-payload.js";

@Resolver()
export class PauseEkmKeyRotation {
  @Mutation(() => RotationPayload, { description: "It waits until it is resumed." })
  async pauseEkmKeyRotation(
    @Arg("input", () => RotationInput, { description: INPUT }) input: RotationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RotationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.pauseEkmKeyRotation(context.caller, withoutNulls(input)));
    return { rotation: value && presentRotation(value, context), userErrors };
  }
}
