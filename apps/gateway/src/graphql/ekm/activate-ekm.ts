import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType()
export class ActivateEkmInput {
  @Field(() => ID)
  @IdBound()
  readonly accountId!: string;

  @Field(() => String, { nullable: true })
  @NameBound()
  readonly ticket?: string | null;

  @Field(() => Int, { nullable: true })
  readonly expiresInDays?: number | null;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class ActivateEkmPayload {
  @Field(() => AccountView, { nullable: true })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class ActivateEkm {
  @Mutation(() => ActivateEkmPayload, { description: "Support. Again before enabling: extends it." })
  async activateEkm(
    @Arg("input", () => ActivateEkmInput) input: ActivateEkmInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ActivateEkmPayload> {
    const { value, userErrors } = await settle(() => context.useCases.activateEkm(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
