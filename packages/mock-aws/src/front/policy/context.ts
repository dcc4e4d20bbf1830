import type { EncryptionContext } from "../../keys/key.js";
import type { Caller } from "../accounts.js";

/**
 * The condition keys of a request that the simulator fills, names in lower case. AWS is always reached over TLS, so
 * aws:SecureTransport is true here as well. Two context pairs whose names differ only in case share one condition key.
 */
export function conditionContext(
  caller: Caller,
  region: string,
  encryptionContext: EncryptionContext,
  further: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>([
    ["aws:principalarn", [caller.principalArn]],
    ["aws:principalaccount", [caller.account.id]],
    ["aws:principaltype", [caller.arn === caller.principalArn ? "User" : "AssumedRole"]],
    ["aws:requestedregion", [region]],
    ["aws:securetransport", ["true"]],
    ["kms:calleraccount", [caller.account.id]],
  ]);
  const pairs = Object.entries(encryptionContext);
  if (pairs.length > 0) context.set("kms:encryptioncontextkeys", Object.keys(encryptionContext));
  for (const [name, value] of pairs) {
    const key = `kms:encryptioncontext:${name.toLowerCase()}`;
    context.set(key, [...(context.get(key) ?? []), value]);
  }
  for (const [name, value] of Object.entries(further)) context.set(name.toLowerCase(), [value]);
  return context;
}
