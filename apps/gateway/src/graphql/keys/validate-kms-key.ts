import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, KeyIdentifierBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { KeyCheckView } from "./key-check.js";
import { presentKeyCheck } from "./present-key-health.js";

@InputType()
export class ValidateKmsKeyInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String)
  @KeyIdentifierBound()
  readonly keyArn!: string;
}

@ObjectType({ simpleResolvers: true })
export class ValidateKmsKeyPayload {
  @Field(() => [KeyCheckView])
  readonly checks!: readonly KeyCheckView[];

  @Field(() => Boolean)
  readonly usable!: boolean;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class ValidateKmsKey {
  @Mutation(() => ValidateKmsKeyPayload, {
    description: "Dry run of enabling or rotating: uses the key for real, saves nothing.",
  })
  async validateKmsKey(
    @Arg("input", () => ValidateKmsKeyInput) input: ValidateKmsKeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ValidateKmsKeyPayload> {
    context.takeProbe();
    const { value, checks, userErrors } = await settle(() =>
      context.useCases.validateKmsKey(context.caller, withoutNulls(input)),
    );
    return { usable: value?.usable ?? false, checks: checks.map(presentKeyCheck), userErrors };
  }
}
