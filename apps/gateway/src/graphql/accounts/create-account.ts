import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdempotencyKeyBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { AccountView } from "./account.js";
import { presentAccount } from "./present-account.js";

@InputType()
export class CreateAccountInput {
  @Field(() => String)
  @NameBound()
  readonly name!: string;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class CreateAccountPayload {
  @Field(() => AccountView, { nullable: true })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class CreateAccount {
  @Mutation(() => CreateAccountPayload)
  async createAccount(
    @Arg("input", () => CreateAccountInput) input: CreateAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CreateAccountPayload> {
    const { value, userErrors } = await settle(() => context.useCases.createAccount(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
