import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, TextBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType()
export class WithdrawEkmActivationInput {
  @Field(() => ID)
  @IdBound()
  readonly accountId!: string;

  @Field(() => String)
  @TextBound()
  readonly reason!: string;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class WithdrawEkmActivationPayload {
  @Field(() => AccountView, { nullable: true })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class WithdrawEkmActivation {
  @Mutation(() => WithdrawEkmActivationPayload, { description: "Support. Before enabling only; afterwards EKM_IRREVERSIBLE." })
  async withdrawEkmActivation(
    @Arg("input", () => WithdrawEkmActivationInput) input: WithdrawEkmActivationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WithdrawEkmActivationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.withdrawEkmActivation(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
