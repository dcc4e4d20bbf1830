import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentVerification } from "./present-verification.js";
import { VerificationView } from "./verification.js";

@InputType()
export class StartVerificationInput {
  @Field(() => ID)
  @IdBound()
  readonly backupId!: string;

  @Field(() => Int, { nullable: true, defaultValue: 100 })
  readonly samplePercent?: number | null;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class StartVerificationPayload {
  @Field(() => VerificationView, { nullable: true })
  readonly verification!: VerificationView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class StartVerification {
  @Mutation(() => StartVerificationPayload, {
    description:
      "Opens and checks the backup's objects, all or a sample, and writes nothing. A key that fails is a job that FAILED.",
  })
  async startVerification(
    @Arg("input", () => StartVerificationInput) input: StartVerificationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StartVerificationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.startVerification(context.caller, withoutNulls(input)));
    return { verification: value && presentVerification(value, createSurroundings(context, value.accountId)), userErrors };
  }
}
