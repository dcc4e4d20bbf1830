import type { BackupSourceKind } from "@ekm/ekm";
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, NameBound, PathBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { BackupSourceKindEnum, BackupSourceView } from "./backup-source.js";
import { presentSource } from "./present-source.js";

@InputType({ description: "What to back up from now on." })
export class RegisterBackupSourceInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: "1 to 200 characters." })
  @NameBound()
  readonly name!: string;

  @Field(() => BackupSourceKindEnum, { description: "What it holds." })
  readonly kind!: BackupSourceKind;

  @Field(() => String, { description: "An absolute path under one of the service's allowed roots." })
  @PathBound()
  readonly location!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The source that was registered, or why it was not." })
export class RegisterBackupSourcePayload {
  @Field(() => BackupSourceView, { nullable: true, description: MADE })
  readonly source!: BackupSourceView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class RegisterBackupSource {
  @Mutation(() => RegisterBackupSourcePayload, { description: "Location must lie under one of the service's allowed roots." })
  async registerBackupSource(
    @Arg("input", () => RegisterBackupSourceInput, { description: INPUT }) input: RegisterBackupSourceInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RegisterBackupSourcePayload> {
    const { value, userErrors } = await settle(() => context.useCases.registerBackupSource(context.caller, withoutNulls(input)));
    return { source: value && presentSource(value), userErrors };
  }
}
