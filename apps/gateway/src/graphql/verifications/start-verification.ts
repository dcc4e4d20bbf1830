import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentVerification } from "./present-verification.js";
import { VerificationView } from "./verification.js";

@InputType({ description: "Which backup to verify, and how much of it." })
export class StartVerificationInput {
  @Field(() => ID, { description: "A backup of the caller's account that has SUCCEEDED." })
  @IdBound()
  readonly backupId!: string;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 100,
    description: "1 to 100: the share of its objects that is read, chosen by chance.",
  })
  readonly samplePercent?: number | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The verification that was queued, or why it was not." })
export class StartVerificationPayload {
  @Field(() => VerificationView, { nullable: true, description: MADE })
  readonly verification!: VerificationView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class StartVerification {
  @Mutation(() => StartVerificationPayload, {
    description:
      "Opens and checks the backup's objects, all or a sample, and writes nothing. A key that fails is a job that FAILED.",
  })
  async startVerification(
    @Arg("input", () => StartVerificationInput, { description: INPUT }) input: StartVerificationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StartVerificationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.startVerification(context.caller, withoutNulls(input)));
    return { verification: value && presentVerification(value, createSurroundings(context, value.accountId)), userErrors };
  }
}
