import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, CHECKS, INPUT, KEY_ARN, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, KeyIdentifierBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { KeyCheckView } from "./key-check.js";
import { presentKeyCheck } from "./present-key-health.js";

@InputType({ description: "Which key to check, for which account." })
export class ValidateKmsKeyInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: KEY_ARN })
  @KeyIdentifierBound()
  readonly keyArn!: string;
}

@ObjectType({ simpleResolvers: true, description: "The verdict on a key, check by check." })
export class ValidateKmsKeyPayload {
  @Field(() => [KeyCheckView], { description: CHECKS })
  readonly checks!: readonly KeyCheckView[];

  @Field(() => Boolean, { description: "No check has FAILed: the key can be enabled or rotated to." })
  readonly usable!: boolean;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class ValidateKmsKey {
  @Mutation(() => ValidateKmsKeyPayload, {
    description: "Dry run of enabling or rotating: uses the key for real, saves nothing.",
  })
  async validateKmsKey(
    @Arg("input", () => ValidateKmsKeyInput, { description: INPUT }) input: ValidateKmsKeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ValidateKmsKeyPayload> {
    context.takeProbe();
    const { value, checks, userErrors } = await settle(() =>
      context.useCases.validateKmsKey(context.caller, withoutNulls(input)),
    );
    return { usable: value?.usable ?? false, checks: checks.map(presentKeyCheck), userErrors };
  }
}
