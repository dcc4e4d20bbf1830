import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { createSurroundings } from "../backups/surroundings.js";
import type { GraphQLContext } from "../context.js";
import { IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, PathBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { BigIntString } from "../scalars/big-int.js";
import { presentRestore } from "./present-restore.js";
import { RestoreView } from "./restore.js";

@InputType({
  description: "target: a directory under one of the service's allowed roots; default: a new one named after the restore.",
})
export class StartRestoreInput {
  @Field(() => ID, { description: "A backup of the caller's account that has SUCCEEDED." })
  @IdBound()
  readonly backupId!: string;

  @Field(() => String, { nullable: true, description: "An absolute path. Null: a new directory named after the restore." })
  @PathBound()
  readonly target?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Whether the target may exist already; it is replaced as a whole when the restore succeeds.",
  })
  readonly overwrite?: boolean | null;

  @Field(() => BigIntString, {
    nullable: true,
    description: "At most so many bytes of content in a second. Null: as fast as it goes.",
  })
  readonly maxBytesPerSecond?: bigint | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The restore that was queued, or why it was not." })
export class StartRestorePayload {
  @Field(() => RestoreView, { nullable: true, description: MADE })
  readonly restore!: RestoreView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class StartRestore {
  @Mutation(() => StartRestorePayload, {
    description: "A key that fails is a job that FAILED with a problem; userErrors are for the request itself.",
  })
  async startRestore(
    @Arg("input", () => StartRestoreInput, { description: INPUT }) input: StartRestoreInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StartRestorePayload> {
    const { value, userErrors } = await settle(() => context.useCases.startRestore(context.caller, withoutNulls(input)));
    return { restore: value && presentRestore(value, createSurroundings(context, value.accountId)), userErrors };
  }
}
