import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { BigIntString } from "../scalars/big-int.js";
import { BackupView } from "./backup.js";
import { presentBackup } from "./present-backup.js";
import { createSurroundings } from "./surroundings.js";

@InputType()
export class StartBackupInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => ID)
  @IdBound()
  readonly sourceId!: string;

  @Field(() => BigIntString, { nullable: true })
  readonly maxBytesPerSecond?: bigint | null;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class StartBackupPayload {
  @Field(() => BackupView, { nullable: true })
  readonly backup!: BackupView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class StartBackup {
  @Mutation(() => StartBackupPayload, {
    description: "A key that fails is a job that FAILED with a problem; userErrors are for the request itself.",
  })
  async startBackup(
    @Arg("input", () => StartBackupInput) input: StartBackupInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StartBackupPayload> {
    const { value, userErrors } = await settle(() => context.useCases.startBackup(context.caller, withoutNulls(input)));
    return { backup: value && presentBackup(value, createSurroundings(context, value.accountId)), userErrors };
  }
}
