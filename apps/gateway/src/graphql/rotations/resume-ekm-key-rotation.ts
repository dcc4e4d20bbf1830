import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT } from "../described.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentRotation } from "./present-rotation.js";
import { RotationInput, RotationPayload } from "./rotation-payload.js";

@Resolver()
export class ResumeEkmKeyRotation {
  @Mutation(() => RotationPayload, { description: "Goes on where it was paused." })
  async resumeEkmKeyRotation(
    @Arg("input", () => RotationInput, { description: INPUT }) input: RotationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RotationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.resumeEkmKeyRotation(context.caller, withoutNulls(input)));
    return { rotation: value && presentRotation(value, context), userErrors };
  }
}
