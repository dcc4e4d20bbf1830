import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { KeyCheckView } from "../keys/key-check.js";
import { presentKeyCheck } from "../keys/present-key-health.js";
import { IdBound, IdempotencyKeyBound, KeyIdentifierBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType({ description: "confirmIrreversible must be true." })
export class EnableEkmInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String)
  @KeyIdentifierBound()
  readonly keyArn!: string;

  @Field(() => String)
  @NameBound()
  readonly acceptedTermsVersion!: string;

  @Field(() => Boolean)
  readonly confirmIrreversible!: boolean;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class EnableEkmPayload {
  @Field(() => AccountView, { nullable: true })
  readonly account!: AccountView | null;

  @Field(() => [KeyCheckView])
  readonly checks!: readonly KeyCheckView[];

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class EnableEkm {
  @Mutation(() => EnableEkmPayload, { description: "Irreversible." })
  async enableEkm(
    @Arg("input", () => EnableEkmInput) input: EnableEkmInput,
    @Ctx() context: GraphQLContext,
  ): Promise<EnableEkmPayload> {
    context.takeProbe();
    const { value, checks, userErrors } = await settle(() => context.useCases.enableEkm(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value.account, context.now()), checks: checks.map(presentKeyCheck), userErrors };
  }
}
