import type { BackupSourceKind } from "@ekm/ekm";
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, NameBound, PathBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { BackupSourceKindEnum, BackupSourceView } from "./backup-source.js";
import { presentSource } from "./present-source.js";

@InputType()
export class RegisterBackupSourceInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String)
  @NameBound()
  readonly name!: string;

  @Field(() => BackupSourceKindEnum)
  readonly kind!: BackupSourceKind;

  @Field(() => String)
  @PathBound()
  readonly location!: string;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RegisterBackupSourcePayload {
  @Field(() => BackupSourceView, { nullable: true })
  readonly source!: BackupSourceView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class RegisterBackupSource {
  @Mutation(() => RegisterBackupSourcePayload, { description: "Location must lie under one of the service's allowed roots." })
  async registerBackupSource(
    @Arg("input", () => RegisterBackupSourceInput) input: RegisterBackupSourceInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RegisterBackupSourcePayload> {
    const { value, userErrors } = await settle(() => context.useCases.registerBackupSource(context.caller, withoutNulls(input)));
    return { source: value && presentSource(value), userErrors };
  }
}
