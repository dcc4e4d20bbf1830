import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { KeyHealthView } from "./key-health.js";
import { presentKeyHealth } from "./present-key-health.js";

@InputType({ description: "Which account it is about." })
export class AccountInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "What the probe has shown, or why there was none." })
export class CheckKeyHealthPayload {
  @Field(() => KeyHealthView, { nullable: true, description: "The key's health now. Null when there are userErrors." })
  readonly health!: KeyHealthView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class CheckKeyHealth {
  @Mutation(() => CheckKeyHealthPayload, { description: "Probe the key now." })
  async checkKeyHealth(
    @Arg("input", () => AccountInput, { description: INPUT }) input: AccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CheckKeyHealthPayload> {
    context.takeProbe();
    const { value, userErrors } = await settle(() => context.useCases.checkKeyHealth(context.caller, withoutNulls(input)));
    return { health: value && presentKeyHealth(value), userErrors };
  }
}
