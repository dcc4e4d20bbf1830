import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { AS_IT_IS, IDEMPOTENCY_KEY, INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType({ description: "Whom to open EKM to, and for how long." })
export class ActivateEkmInput {
  @Field(() => ID, { description: "The account to activate." })
  @IdBound()
  readonly accountId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The ticket that asks for it, 1 to 200 characters; kept with the activation and in the audit log. Null: none, or the one that was named before.",
  })
  @NameBound()
  readonly ticket?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "1 to 3650: it lapses if EKM is not enabled by then. Null: it does not lapse.",
  })
  readonly expiresInDays?: number | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The account with its EKM activated, or why it is not." })
export class ActivateEkmPayload {
  @Field(() => AccountView, { nullable: true, description: AS_IT_IS })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class ActivateEkm {
  @Mutation(() => ActivateEkmPayload, { description: "Support. Again before enabling: extends it." })
  async activateEkm(
    @Arg("input", () => ActivateEkmInput, { description: INPUT }) input: ActivateEkmInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ActivateEkmPayload> {
    const { value, userErrors } = await settle(() => context.useCases.activateEkm(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
