import { AwsFault } from "../../front/aws-fault.js";
import { type Alias, aliasArn } from "../../keys/aliases.js";
import { type KeyRecord, keyArn } from "../../keys/key.js";
import type { OperationServices } from "../operation.js";
import { aliasNotFound } from "./alias-fault.js";

/** The caller's alias of that name and the key that it leads to, or AWS's answer where there is none. */
export function ownAlias(
  name: string,
  { aliases, keys, caller, region }: OperationServices,
): { readonly alias: Alias; readonly target: KeyRecord } | AwsFault {
  const accountId = caller.account.id;
  const alias = aliases.find(accountId, region, name);
  const target = alias && keys.find(keyArn(region, accountId, alias.targetKeyId));
  if (!alias || !target || keys.visible(target).state === "Deleted") return aliasNotFound(aliasArn({ accountId, region, name }));
  return { alias, target };
}
