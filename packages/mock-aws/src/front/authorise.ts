import { adoptKey } from "../keys/adopt.js";
import type { GrantUse } from "../keys/grants.js";
import type { KeyRecord } from "../keys/key.js";
import { type KeyName, resolveKeyName } from "../keys/resolve.js";
import { rotateWhenDue } from "../keys/rotate.js";
import type { KeyInCall, KeyUse, OperationServices, Permission } from "../kms/operation.js";
import type { Account, Caller } from "./accounts.js";
import { AwsFault } from "./aws-fault.js";
import { identityDecision, type Refusal, refusalOf } from "./permit.js";
import { conditionContext } from "./policy/context.js";
import { evaluateResourcePolicy } from "./policy/evaluate.js";
import type { ConditionContext, PolicyRequest } from "./policy/policy.js";

export interface Authorisation {
  /** The first key that exists, whether or not the caller may use it. */
  readonly touched: KeyRecord | null;
  readonly keys: readonly KeyInCall[] | AwsFault;
}

export interface AuthorisationOptions {
  /** Judge by state and policy as they were before each key's last change. */
  readonly stale?: boolean;
}

interface Found {
  readonly record: KeyRecord;
  readonly alias?: string | undefined;
}

/** Finds each key that an operation uses and asks its policy, in order; the first refusal is the answer. */
export async function authorise(
  uses: readonly KeyUse[],
  services: OperationServices,
  { stale = false }: AuthorisationOptions = {},
): Promise<Authorisation> {
  const keys: KeyInCall[] = [];
  let touched: KeyRecord | null = null;
  for (const use of uses) {
    const found = await findKey(use, services);
    if (found instanceof AwsFault) return { touched, keys: found };
    touched ??= found.record;
    if (found.record.rotation || found.record.multiRegion) await rotateWhenDue(found.record, services);
    const allowed = allow(found, use, services, stale);
    if (allowed instanceof AwsFault) return { touched, keys: allowed };
    keys.push(allowed);
  }
  return { touched, keys };
}

/** What an operation needs beside keys: the caller's identity policies alone decide. */
export function authoriseAnywhere(permissions: readonly Permission[], services: OperationServices): AwsFault | null {
  const { caller, region, clock } = services;
  for (const { action, resource, conditions } of permissions) {
    const context = () => conditionContext({ caller, region, now: clock.now(), further: conditions });
    const decision = identityDecision(caller, new Asked(caller, action, resource, context));
    if (decision !== "allow") {
      return refused(decision === "explicit-deny" ? "identity-deny" : "no-identity-allow", caller, action, resource);
    }
  }
  return null;
}

/** A promise only for a key that is not known: the upstream may have it. */
function findKey(use: KeyUse, services: OperationServices): Found | AwsFault | Promise<Found | AwsFault> {
  const { caller, region, keys, upstream, aliases } = services;
  if (typeof use.key !== "string") {
    const id = upstream.keyIdOf(use.key.ofCiphertext);
    if (id === null) return new AwsFault("InvalidCiphertextException");
    const record = keys.findInRegion(region, id);
    return record ? { record } : ciphertextDenied();
  }
  const options = { callerAccountId: caller.account.id, region, aliases, aliasAllowed: use.alias === true };
  const name = resolveKeyName(use.key, options);
  if (name instanceof AwsFault) return name;
  if ("aliasOfAnother" in name) return crossAccountDenied(caller, use.action);
  const record = keys.find(name.arn);
  if (record) return goneWithItsKey(name, record, services) ?? { record, alias: name.alias };
  return findUnknown(name, use, services);
}

async function findUnknown(name: KeyName, use: KeyUse, services: OperationServices): Promise<Found | AwsFault> {
  const { caller } = services;
  const record = await adoptKey(name, services);
  if (record) return goneWithItsKey(name, record, services) ?? { record, alias: name.alias };
  return name.accountId === caller.account.id ? missing(name.arn) : crossAccountDenied(caller, use.action);
}

/** An alias goes with its key. */
function goneWithItsKey(
  { alias, accountId }: KeyName,
  record: KeyRecord,
  { keys, caller, region }: OperationServices,
): AwsFault | null {
  if (alias === undefined || accountId !== caller.account.id || keys.latest(record).state !== "Deleted") return null;
  return new AwsFault("NotFoundException", `Alias arn:aws:kms:${region}:${accountId}:${alias} is not found.`);
}

function allow({ record, alias }: Found, use: KeyUse, services: OperationServices, stale: boolean): KeyInCall | AwsFault {
  const { caller, keys, grants, accounts } = services;
  const condition = keys.visible(record, stale);
  const foreign = record.accountId !== caller.account.id;
  const abroad = foreign || typeof use.key !== "string";
  if (condition.state === "Deleted") return abroad ? denied(use, caller) : missing(record.arn);
  if (foreign && !use.crossAccount) return denied(use, caller);
  const request = new Asked(caller, use.action, record.arn, () => contextOf(record, alias, use, services));
  const refusal = refusalOf(caller, request, evaluateResourcePolicy(condition.policy, request), !foreign);
  const mayHelp = refusal === "no-resource-allow" || refusal === "no-identity-allow";
  const grant = mayHelp ? grants.allowing(record.arn, grantUse(caller, record, use)) : undefined;
  if (refusal !== null && grant === undefined) {
    return abroad ? refusedAbroad(refusal, caller, use, record) : refused(refusal, caller, use.action, record.arn);
  }
  const owner = foreign ? accounts.find(record.accountId) : undefined;
  return (owner && ownerFault(owner, record, use, caller)) ?? { record, condition, grantId: grant?.id ?? null };
}

const contextOf = (
  key: KeyRecord,
  requestAlias: string | undefined,
  use: KeyUse,
  { caller, region, clock, aliases }: OperationServices,
): ConditionContext =>
  conditionContext({
    caller,
    region,
    now: clock.now(),
    key,
    aliases: aliases.namesOf(key),
    requestAlias,
    encryptionContext: use.context,
    further: use.conditions,
  });

const grantUse = (caller: Caller, key: KeyRecord, { action, context = {}, grantTokens = [] }: KeyUse): GrantUse => ({
  accountId: caller.account.id,
  arn: caller.arn,
  principalArn: caller.principalArn,
  operation: action.replace("kms:", ""),
  context,
  tokens: grantTokens,
  constrained: key.keySpec === "SYMMETRIC_DEFAULT" && CONSTRAINED.has(action),
});

/** Operations that carry an encryption context: the only ones that a grant's constraints are about. */
const CONSTRAINED = new Set(
  [
    "Encrypt",
    "Decrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
  ].map((name) => `kms:${name}`),
);

/** The context is made when a policy first asks for it: most statements have no condition. */
class Asked implements PolicyRequest {
  readonly accountId: string;
  readonly callerArn: string;
  readonly principalArn: string;
  #context: ConditionContext | undefined;

  constructor(
    caller: Caller,
    readonly action: string,
    readonly resource: string,
    private readonly makeContext: () => ConditionContext,
  ) {
    this.accountId = caller.account.id;
    this.callerArn = caller.arn;
    this.principalArn = caller.principalArn;
  }

  get context(): ConditionContext {
    this.#context ??= this.makeContext();
    return this.#context;
  }
}

const REASONS: Readonly<Record<Refusal, (action: string) => string>> = {
  "resource-deny": () => "with an explicit deny in a resource-based policy",
  "identity-deny": () => "with an explicit deny in an identity-based policy",
  "no-resource-allow": (action) => `because no resource-based policy allows the ${action} action`,
  "no-identity-allow": (action) => `because no identity-based policy allows the ${action} action`,
};

const refused = (refusal: Refusal, caller: Caller, action: string, arn: string): AwsFault =>
  accessDenied(caller, `${action} on resource: ${arn} ${REASONS[refusal](action)}`);

/** Across accounts AWS tells the caller about its own policies, and nothing about the key's. */
function refusedAbroad(refusal: Refusal, caller: Caller, use: KeyUse, key: KeyRecord): AwsFault {
  const own = refusal === "identity-deny" || refusal === "no-identity-allow";
  return own && typeof use.key === "string" ? refused(refusal, caller, use.action, key.arn) : denied(use, caller);
}

/** AWS documents no answer for a key whose owner's account is not active: the account's profile picks one. */
function ownerFault(owner: Account, key: KeyRecord, use: KeyUse, caller: Caller): AwsFault | null {
  if (owner.status === "ACTIVE" || owner.status === "PENDING_CLOSURE") return null;
  switch (owner.profile) {
    case "cross-account-denied":
      return denied(use, caller);
    case "invalid-state":
      return new AwsFault("KMSInvalidStateException", `${key.arn} is unavailable.`);
    case "not-found":
      return missing(key.arn);
  }
}

/** No more than that the caller may not, by the name or by the ciphertext that it brought. */
const denied = (use: KeyUse, caller: Caller): AwsFault =>
  typeof use.key === "string" ? crossAccountDenied(caller, use.action) : ciphertextDenied();

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
