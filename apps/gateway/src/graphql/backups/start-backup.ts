import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { BigIntString } from "../scalars/big-int.js";
import { BackupView } from "./backup.js";
import { presentBackup } from "./present-backup.js";
import { createSurroundings } from "./surroundings.js";

@InputType({ description: "Which source to back up, and how fast." })
export class StartBackupInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => ID, { description: "A source of this account." })
  @IdBound()
  readonly sourceId!: string;

  @Field(() => BigIntString, {
    nullable: true,
    description: "At most so many bytes of content in a second. Null: as fast as it goes.",
  })
  readonly maxBytesPerSecond?: bigint | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The backup that was queued, or why it was not." })
export class StartBackupPayload {
  @Field(() => BackupView, { nullable: true, description: MADE })
  readonly backup!: BackupView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class StartBackup {
  @Mutation(() => StartBackupPayload, {
    description: "A key that fails is a job that FAILED with a problem; userErrors are for the request itself.",
  })
  async startBackup(
    @Arg("input", () => StartBackupInput, { description: INPUT }) input: StartBackupInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StartBackupPayload> {
    const { value, userErrors } = await settle(() => context.useCases.startBackup(context.caller, withoutNulls(input)));
    return { backup: value && presentBackup(value, createSurroundings(context, value.accountId)), userErrors };
  }
}
