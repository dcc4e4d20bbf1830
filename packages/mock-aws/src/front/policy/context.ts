import type { EncryptionContext, KeyRecord } from "../../keys/key.js";
import type { Caller } from "../accounts.js";
import type { ConditionContext } from "./policy.js";

export interface ContextOptions {
  readonly caller: Caller;
  readonly region: string;
  /** AWS's simulated time, milliseconds. */
  readonly now: number;
  readonly key?: KeyRecord | undefined;
  /** Names of the key's aliases, and the one that the request used. */
  readonly aliases?: readonly string[];
  readonly requestAlias?: string | undefined;
  readonly encryptionContext?: EncryptionContext | undefined;
  /** Further condition keys of the operation. */
  readonly further?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/**
 * The condition keys of a request that the simulator fills, names in lower case. AWS is always reached over TLS, so
 * aws:SecureTransport is true here as well. aws:SourceIp, aws:SourceVpc(e) and their like are absent: no call here comes
 * through a network of AWS. Two context pairs whose names differ only in case share one condition key.
 */
export function conditionContext(options: ContextOptions): ConditionContext {
  const { caller, region, now } = options;
  const { viaService } = caller.principal;
  const context = new Map<string, readonly string[]>([
    ["aws:principalarn", [caller.principalArn]],
    ["aws:principalaccount", [caller.account.id]],
    ["aws:principaltype", [caller.arn === caller.principalArn ? "User" : "AssumedRole"]],
    ["aws:principalisawsservice", ["false"]],
    ["aws:userid", [caller.userId]],
    ["aws:requestedregion", [region]],
    ["aws:securetransport", ["true"]],
    ["aws:viaawsservice", [String(viaService !== null)]],
    ["aws:currenttime", [new Date(now).toISOString()]],
    ["aws:epochtime", [String(Math.floor(now / 1000))]],
    ["kms:calleraccount", [caller.account.id]],
  ]);
  if (caller.arn === caller.principalArn) context.set("aws:username", [caller.arn.replace(/^.*\//, "")]);
  if (viaService !== null) context.set("kms:viaservice", [viaService]);
  if (caller.account.organizationId !== null) context.set("aws:principalorgid", [caller.account.organizationId]);
  for (const [name, value] of Object.entries(caller.tags)) context.set(`aws:principaltag/${name.toLowerCase()}`, [value]);
  aboutKey(context, options);
  aboutEncryption(context, options.encryptionContext ?? {});
  for (const [name, value] of Object.entries(options.further ?? {})) {
    context.set(name.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  // Services of AWS make grants for their resources; a caller by itself never does.
  if (viaService !== null && context.has("kms:grantisforawsresource")) context.set("kms:grantisforawsresource", ["true"]);
  return context;
}

function aboutKey(context: Map<string, readonly string[]>, { key, aliases = [], requestAlias }: ContextOptions): void {
  if (!key) return;
  context.set("aws:resourceaccount", [key.accountId]);
  context.set("kms:keyspec", [key.keySpec]);
  context.set("kms:keyusage", [key.keyUsage]);
  context.set("kms:keyorigin", [key.origin]);
  context.set("kms:multiregion", [String(key.multiRegion)]);
  if (key.primaryRegion !== null) {
    context.set("kms:multiregionkeytype", [key.primaryRegion === key.region ? "PRIMARY" : "REPLICA"]);
    context.set("kms:primaryregion", [key.primaryRegion]);
  }
  for (const { TagKey, TagValue } of key.tags) context.set(`aws:resourcetag/${TagKey.toLowerCase()}`, [TagValue]);
  if (aliases.length > 0) context.set("kms:resourcealiases", aliases);
  if (requestAlias !== undefined) context.set("kms:requestalias", [requestAlias]);
}

function aboutEncryption(context: Map<string, readonly string[]>, encryptionContext: EncryptionContext): void {
  const pairs = Object.entries(encryptionContext);
  if (pairs.length === 0) return;
  context.set("kms:encryptioncontextkeys", Object.keys(encryptionContext));
  for (const [name, value] of pairs) {
    const key = `kms:encryptioncontext:${name.toLowerCase()}`;
    context.set(key, [...(context.get(key) ?? []), value]);
  }
}
