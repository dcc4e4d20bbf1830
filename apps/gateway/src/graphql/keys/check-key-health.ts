import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { KeyHealthView } from "./key-health.js";
import { presentKeyHealth } from "./present-key-health.js";

@InputType()
export class AccountInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class CheckKeyHealthPayload {
  @Field(() => KeyHealthView, { nullable: true })
  readonly health!: KeyHealthView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class CheckKeyHealth {
  @Mutation(() => CheckKeyHealthPayload, { description: "Probe the key now." })
  async checkKeyHealth(
    @Arg("input", () => AccountInput) input: AccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CheckKeyHealthPayload> {
    context.takeProbe();
    const { value, userErrors } = await settle(() => context.useCases.checkKeyHealth(context.caller, withoutNulls(input)));
    return { health: value && presentKeyHealth(value), userErrors };
  }
}
