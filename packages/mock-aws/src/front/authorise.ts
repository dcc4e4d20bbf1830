import { adoptKey } from "../keys/adopt.js";
import type { KeyRecord } from "../keys/key.js";
import { resolveKeyName } from "../keys/resolve.js";
import type { KeyInCall, KeyUse, OperationServices } from "../kms/operation.js";
import type { Account, Accounts, Caller } from "./accounts.js";
import { AwsFault } from "./aws-fault.js";
import { conditionContext } from "./policy/context.js";
import { evaluatePolicy } from "./policy/evaluate.js";

export interface Authorisation {
  /** The first key that exists, whether or not the caller may use it. */
  readonly touched: KeyRecord | null;
  readonly keys: readonly KeyInCall[] | AwsFault;
}

export interface AuthorisationOptions {
  readonly accounts: Accounts;
  /** Judge by state and policy as they were before each key's last change. */
  readonly stale?: boolean;
}

/** Finds each key that an operation uses and asks its policy, in order; the first refusal is the answer. */
export async function authorise(
  uses: readonly KeyUse[],
  services: OperationServices,
  options: AuthorisationOptions,
): Promise<Authorisation> {
  const keys: KeyInCall[] = [];
  let touched: KeyRecord | null = null;
  for (const use of uses) {
    const found = await findKey(use, services);
    if (!(found instanceof AwsFault)) touched ??= found;
    const allowed = found instanceof AwsFault ? found : allow(found, use, services, options);
    if (allowed instanceof AwsFault) return { touched, keys: allowed };
    keys.push(allowed);
  }
  return { touched, keys };
}

async function findKey(use: KeyUse, services: OperationServices): Promise<KeyRecord | AwsFault> {
  const { caller, region, keys, upstream } = services;
  if (typeof use.key !== "string") {
    const id = upstream.keyIdOf(use.key.ofCiphertext);
    if (id === null) return new AwsFault("InvalidCiphertextException");
    return keys.findInRegion(region, id) ?? ciphertextDenied();
  }
  const name = resolveKeyName(use.key, caller.account.id, region);
  if (name instanceof AwsFault) return name;
  if ("aliasOfAnother" in name) return crossAccountDenied(caller, use.action);
  const key = keys.find(name.arn) ?? (await adoptKey(name, services));
  if (key) return key;
  return name.accountId === caller.account.id ? missing(name.arn) : crossAccountDenied(caller, use.action);
}

function allow(
  record: KeyRecord,
  use: KeyUse,
  { caller, region, keys }: OperationServices,
  { accounts, stale = false }: AuthorisationOptions,
): KeyInCall | AwsFault {
  const condition = keys.visible(record, stale);
  const foreign = record.accountId !== caller.account.id;
  const denied = (): AwsFault => (typeof use.key === "string" ? crossAccountDenied(caller, use.action) : ciphertextDenied());
  if (condition.state === "Deleted") return foreign || typeof use.key !== "string" ? denied() : missing(record.arn);
  if (foreign && !use.crossAccount) return denied();
  const decision = evaluatePolicy(condition.policy, {
    accountId: caller.account.id,
    callerArn: caller.arn,
    principalArn: caller.principalArn,
    action: use.action,
    resource: record.arn,
    context: conditionContext(caller, region, use.context ?? {}, use.conditions),
  });
  if (decision !== "allow") {
    if (foreign || typeof use.key !== "string") return denied();
    const reason =
      decision === "explicit-deny"
        ? "with an explicit deny in a resource-based policy"
        : `because no resource-based policy allows the ${use.action} action`;
    return accessDenied(caller, `${use.action} on resource: ${record.arn} ${reason}`);
  }
  const owner = foreign ? accounts.find(record.accountId) : undefined;
  return (owner && ownerFault(owner, record, denied)) ?? { record, condition };
}

/** AWS documents no answer for a key whose owner's account is not active: the account's profile picks one. */
function ownerFault(owner: Account, key: KeyRecord, denied: () => AwsFault): AwsFault | null {
  if (owner.status === "ACTIVE" || owner.status === "PENDING_CLOSURE") return null;
  switch (owner.profile) {
    case "cross-account-denied":
      return denied();
    case "invalid-state":
      return new AwsFault("KMSInvalidStateException", `${key.arn} is unavailable.`);
    case "not-found":
      return missing(key.arn);
  }
}

const missing = (arn: string): AwsFault => new AwsFault("NotFoundException", `Key '${arn}' does not exist`);

const accessDenied = (caller: Caller, what: string): AwsFault =>
  new AwsFault("AccessDeniedException", `User: ${caller.arn} is not authorized to perform: ${what}`);

/** The same text for a policy that was withdrawn, a key that was deleted and a key that never was. */
const crossAccountDenied = (caller: Caller, action: string): AwsFault =>
  accessDenied(
    caller,
    `${action} on this resource because the resource does not exist in this Region, no resource-based policies allow access, ` +
      "or a resource-based policy explicitly denies access",
  );

const ciphertextDenied = (): AwsFault =>
  new AwsFault(
    "AccessDeniedException",
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed " +
      "to access.",
  );
