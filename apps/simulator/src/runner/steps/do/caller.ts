import { z } from "zod";
import { accountName, type Reference, role } from "../../../experiments/fields.js";
import type { Session } from "../../../product/graphql.js";
import type { Role } from "../../../product/types.js";
import type { AccountHandle, World } from "../../world.js";

/** Who asks; every mutation takes these. */
export const callerFields = {
  role: role.optional().meta({ description: "The caller's role; default: the one that may." }),
  caller: accountName.optional().meta({ description: "The tenant whose token is used; default: the account's own." }),
};
/** And where the mutation has an effect. */
export const requestFields = {
  ...callerFields,
  idempotencyKey: z.string().min(1).max(60).optional().meta({ description: "Equal requests under one key are done once." }),
};

interface Caller {
  readonly role?: Role | undefined;
  readonly caller?: Reference<"account"> | undefined;
}

export function sessionOf(world: World, step: Caller, usual: Role, account: AccountHandle): Promise<Session> {
  return world.session(step.role ?? usual, step.caller ? world.account(step.caller) : account);
}

/** The key is made unique to the run. */
export function idempotencyOf(world: World, step: { readonly idempotencyKey?: string | undefined }): { idempotencyKey?: string } {
  return step.idempotencyKey === undefined ? {} : { idempotencyKey: `${world.id}/${step.idempotencyKey}` };
}
