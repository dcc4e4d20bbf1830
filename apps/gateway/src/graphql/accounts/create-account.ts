import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdempotencyKeyBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { AccountView } from "./account.js";
import { presentAccount } from "./present-account.js";

@InputType({ description: "What a new account needs." })
export class CreateAccountInput {
  @Field(() => String, {
    description: "1 to 200 characters. It has to be repeated to accept a loss, so choose one that can be typed.",
  })
  @NameBound()
  readonly name!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The account that was created, or why it was not." })
export class CreateAccountPayload {
  @Field(() => AccountView, { nullable: true, description: MADE })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class CreateAccount {
  @Mutation(() => CreateAccountPayload, { description: "Support. A new account in Cloud Key Management." })
  async createAccount(
    @Arg("input", () => CreateAccountInput, { description: INPUT }) input: CreateAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CreateAccountPayload> {
    const { value, userErrors } = await settle(() => context.useCases.createAccount(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
