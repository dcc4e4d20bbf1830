import type { Grant } from "../../keys/grants.js";

/** GrantListEntry of the KMS API. */
export const grantEntry = (grant: Grant): Record<string, unknown> => ({
  KeyId: grant.keyArn,
  GrantId: grant.id,
  ...(grant.name === null ? {} : { Name: grant.name }),
  CreationDate: grant.createdAt / 1000,
  GranteePrincipal: grant.granteePrincipal,
  ...(grant.retiringPrincipal === null ? {} : { RetiringPrincipal: grant.retiringPrincipal }),
  IssuingAccount: grant.issuingAccount,
  Operations: grant.operations,
  ...(grant.constraints === null ? {} : { Constraints: grant.constraints }),
});
