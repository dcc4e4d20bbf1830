import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { LockAccountKeysInput, LockAccountKeysPayload } from "./lock-payload.js";

@Resolver()
export class UnlockAccountKeys {
  @Mutation(() => LockAccountKeysPayload)
  async unlockAccountKeys(
    @Arg("input", () => LockAccountKeysInput) input: LockAccountKeysInput,
    @Ctx() context: GraphQLContext,
  ): Promise<LockAccountKeysPayload> {
    const { value, userErrors } = await settle(() => context.useCases.unlockAccountKeys(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
