import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, AS_IT_IS, CHECKS, IDEMPOTENCY_KEY, INPUT, KEY_ARN, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { KeyCheckView } from "../keys/key-check.js";
import { presentKeyCheck } from "../keys/present-key-health.js";
import { IdBound, IdempotencyKeyBound, KeyIdentifierBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";

@InputType({
  description: `confirmIrreversible must be true. acceptLossOfUnreadable: go on although some generations cannot be opened, in the database or beside the
backups; their backups stay listed and are not restorable. Must repeat the account's name. It never covers a key that refuses.`,
})
export class EnableEkmInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: KEY_ARN })
  @KeyIdentifierBound()
  readonly keyArn!: string;

  @Field(() => String, { description: "`ekm.terms.version` as it was read and accepted by this admin." })
  @NameBound()
  readonly acceptedTermsVersion!: string;

  @Field(() => Boolean, {
    description:
      "True: it is understood that there is no way back to Cloud Key Management. Anything else is CONFIRMATION_MISSING.",
  })
  readonly confirmIrreversible!: boolean;

  @Field(() => String, { nullable: true, description: "The account's name, exactly. Null: nothing is left behind." })
  @NameBound()
  readonly acceptLossOfUnreadable?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The account under its customer's key, or why it is not." })
export class EnableEkmPayload {
  @Field(() => AccountView, { nullable: true, description: AS_IT_IS })
  readonly account!: AccountView | null;

  @Field(() => [KeyCheckView], { description: CHECKS })
  readonly checks!: readonly KeyCheckView[];

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class EnableEkm {
  @Mutation(() => EnableEkmPayload, { description: "Irreversible." })
  async enableEkm(
    @Arg("input", () => EnableEkmInput, { description: INPUT }) input: EnableEkmInput,
    @Ctx() context: GraphQLContext,
  ): Promise<EnableEkmPayload> {
    context.takeProbe();
    const { value, checks, userErrors } = await settle(() => context.useCases.enableEkm(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value.account, context.now()), checks: checks.map(presentKeyCheck), userErrors };
  }
}
