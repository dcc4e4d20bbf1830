import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import type { Caller, Role } from "./caller.js";
import { type Operation, ROLES_BY_OPERATION } from "./roles.js";

/** The role was wrong for the operation as such: not a domain rejection. The gateway makes it a top-level error. */
export type Denied = { readonly denied: "FORBIDDEN" };
export type Refusal = readonly Rejection[] | Denied;

const FORBIDDEN: Denied = { denied: "FORBIDDEN" };

/** What an unknown account and another tenant's account both answer. */
export const accountNotFound = (): readonly Rejection[] => [rejection("ACCOUNT_NOT_FOUND", undefined, ["input", "accountId"])];

const rolesFor = (caller: Caller, operation: Operation): readonly Role[] => {
  const allowed: readonly Role[] = ROLES_BY_OPERATION[operation];
  return caller.roles.filter((role) => allowed.includes(role));
};

/** Whether the caller may ask for the operation at all. */
export function permit(caller: Caller, operation: Operation): Outcome<null, Denied> {
  return rolesFor(caller, operation).length > 0 ? ok(null) : fail(FORBIDDEN);
}

/** Whether the caller may do this to that account. False for an account that is not the caller's: answer as for an unknown id. */
export function reaches(caller: Caller, operation: Operation, accountId: string): boolean {
  return rolesFor(caller, operation).some((role) => role === "SUPPORT" || caller.accountId === accountId);
}

/**
 * The account that the operation is about: the one named, or the caller's own. Existence is not checked here; a use case
 * answers {@link accountNotFound} for an account that does not exist, so that nobody can tell the two apart.
 */
export function scope(caller: Caller, operation: Operation, accountId?: string): Outcome<string, Refusal> {
  const permitted = permit(caller, operation);
  if (!permitted.ok) return permitted;
  const named = accountId ?? caller.accountId;
  return named !== undefined && reaches(caller, operation, named) ? ok(named) : fail(accountNotFound());
}

/** Support looking at an account that is not its own: worth an entry in the account's audit log. */
export function looksFromOutside(caller: Caller, accountId: string): boolean {
  return caller.roles.includes("SUPPORT") && caller.accountId !== accountId;
}
