import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { AS_IT_IS, IDEMPOTENCY_KEY, INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, TextBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType({ description: "Whose activation to withdraw, and why." })
export class WithdrawEkmActivationInput {
  @Field(() => ID, { description: "The account whose activation is withdrawn." })
  @IdBound()
  readonly accountId!: string;

  @Field(() => String, { description: "1 to 500 characters, for the audit log." })
  @TextBound()
  readonly reason!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The account without the activation, or why it still has it." })
export class WithdrawEkmActivationPayload {
  @Field(() => AccountView, { nullable: true, description: AS_IT_IS })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class WithdrawEkmActivation {
  @Mutation(() => WithdrawEkmActivationPayload, { description: "Support. Before enabling only; afterwards EKM_IRREVERSIBLE." })
  async withdrawEkmActivation(
    @Arg("input", () => WithdrawEkmActivationInput, { description: INPUT }) input: WithdrawEkmActivationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WithdrawEkmActivationPayload> {
    const { value, userErrors } = await settle(() => context.useCases.withdrawEkmActivation(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
