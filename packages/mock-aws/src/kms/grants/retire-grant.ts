import { authorise, authoriseAnywhere } from "../../front/authorise.js";
import { AwsFault } from "../../front/aws-fault.js";
import { type Grant, isGrantPrincipal } from "../../keys/grants.js";
import { dryRunFault } from "../cryptographic.js";
import { flag, optional, shape, text } from "../input.js";
import { keyId } from "../members.js";
import { defineOperation, type OperationServices } from "../operation.js";

/**
 * By token, or by key and grant id. May be called by the retiring principal, by a grantee whose grant says so, and by
 * principals of the account that made the grant; a key policy need not say anything.
 */
export const retireGrant = defineOperation({
  name: "RetireGrant",
  input: shape({
    GrantToken: optional(text(1, 8192)),
    KeyId: optional(keyId),
    GrantId: optional(text(1, 128)),
    DryRun: optional(flag),
  }),
  uses: () => [],
  async run(input, _keys, services) {
    const grant = named(input, services);
    if (grant instanceof AwsFault) return grant;
    if (!mayRetire(grant, services)) return denied(grant, services);
    const key = services.keys.find(grant.keyArn);
    if (!key || services.keys.visible(key).state === "Deleted") {
      return new AwsFault("NotFoundException", `Key '${grant.keyArn}' does not exist`);
    }
    const dryRun = dryRunFault(input.DryRun);
    if (dryRun) return dryRun;
    services.grants.remove(grant);
    services.events.change({ subject: "key", id: grant.keyArn, change: "RetireGrant" });
    return { body: {} };
  },
});

interface Named {
  readonly GrantToken?: string;
  readonly KeyId?: string;
  readonly GrantId?: string;
}

function named({ GrantToken, KeyId, GrantId }: Named, { grants }: OperationServices): Grant | AwsFault {
  if (GrantToken !== undefined && KeyId === undefined && GrantId === undefined) {
    return grants.findByToken(GrantToken) ?? new AwsFault("InvalidGrantTokenException", "Invalid grant token");
  }
  if (GrantToken !== undefined || KeyId === undefined || GrantId === undefined) {
    return new AwsFault("ValidationException", "Grant token OR (grant ID, key ID) must be specified");
  }
  if (!KeyId.startsWith("arn:")) return new AwsFault("InvalidArnException", `Invalid arn ${KeyId}`);
  return grants.find(KeyId, GrantId) ?? new AwsFault("NotFoundException", `Grant ID ${GrantId} not found`);
}

function mayRetire(grant: Grant, services: OperationServices): boolean {
  const { caller } = services;
  const who = { accountId: caller.account.id, arn: caller.arn, principalArn: caller.principalArn };
  const isGrantee = isGrantPrincipal(grant.granteePrincipal, who) && grant.operations.includes("RetireGrant");
  const retires = grant.retiringPrincipal !== null && isGrantPrincipal(grant.retiringPrincipal, who);
  if (retires || isGrantee) return true;
  const permission = { action: "kms:RetireGrant", resource: grant.keyArn };
  return isGrantPrincipal(grant.issuingAccount, who) && authoriseAnywhere([permission], services) === null;
}

/** In the words of a key that the caller may not use. */
async function denied(grant: Grant, services: OperationServices): Promise<AwsFault> {
  const { keys } = await authorise([{ action: "kms:RetireGrant", key: grant.keyArn, crossAccount: false }], services);
  if (keys instanceof AwsFault) return keys;
  return new AwsFault(
    "AccessDeniedException",
    `User: ${services.caller.arn} is not authorized to perform: kms:RetireGrant on resource: ${grant.keyArn}`,
  );
}
