import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { presentAccount } from "../accounts/present-account.js";
import type { GraphQLContext } from "../context.js";
import { INPUT } from "../described.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { LockAccountKeysInput, LockAccountKeysPayload } from "./lock-payload.js";

@Resolver()
export class LockAccountKeys {
  @Mutation(() => LockAccountKeysPayload, {
    description: "Kill switch on our side: every process drops the account's keys within a second; unlock undoes it.",
  })
  async lockAccountKeys(
    @Arg("input", () => LockAccountKeysInput, { description: INPUT }) input: LockAccountKeysInput,
    @Ctx() context: GraphQLContext,
  ): Promise<LockAccountKeysPayload> {
    const { value, userErrors } = await settle(() => context.useCases.lockAccountKeys(context.caller, withoutNulls(input)));
    return { account: value && presentAccount(value, context.now()), userErrors };
  }
}
