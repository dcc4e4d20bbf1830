import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, CHECKS, IDEMPOTENCY_KEY, INPUT, MADE, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { KeyCheckView } from "../keys/key-check.js";
import { presentKeyCheck } from "../keys/present-key-health.js";
import { IdBound, IdempotencyKeyBound, KeyIdentifierBound, NameBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { KeyRotationView } from "./key-rotation.js";
import { presentRotation } from "./present-rotation.js";

@InputType({
  description: `acceptLossOfUnreadable: the old key is gone for ever. Begins a new generation under the new key; backups that only the old key opens
stay listed and become restorable again if it ever returns. Must repeat the account's name.`,
})
export class RotateEkmKeyInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: "The new key: its ARN. A wrong one is a userError with a code of its own." })
  @KeyIdentifierBound()
  readonly keyArn!: string;

  @Field(() => String, { nullable: true, description: "The account's name, to accept the loss. Null: nothing is given up." })
  @NameBound()
  readonly acceptLossOfUnreadable?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The rotation that was started, or why it was not." })
export class RotateEkmKeyPayload {
  @Field(() => KeyRotationView, { nullable: true, description: MADE })
  readonly rotation!: KeyRotationView | null;

  @Field(() => [KeyCheckView], { description: CHECKS })
  readonly checks!: readonly KeyCheckView[];

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class RotateEkmKey {
  @Mutation(() => RotateEkmKeyPayload, {
    description: "Update key: to another ARN. The old key must stay usable until the rotation has COMPLETED.",
  })
  async rotateEkmKey(
    @Arg("input", () => RotateEkmKeyInput, { description: INPUT }) input: RotateEkmKeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RotateEkmKeyPayload> {
    context.takeProbe();
    const { value, checks, userErrors } = await settle(() => context.useCases.rotateEkmKey(context.caller, withoutNulls(input)));
    return { rotation: value && presentRotation(value.rotation, context), checks: checks.map(presentKeyCheck), userErrors };
  }
}
