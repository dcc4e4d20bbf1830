import type { Answer, Session } from "./graphql.js";
import { ACCOUNT, type Account, USER_ERRORS, type UserError } from "./types.js";

export interface AccountPayload {
  readonly account: Account | null;
  readonly userErrors: readonly UserError[];
}

export function createAccount(
  session: Session,
  input: { name: string; idempotencyKey?: string },
): Promise<Answer<{ createAccount: AccountPayload }>> {
  return session.request(
    "CreateAccount",
    `mutation CreateAccount($input: CreateAccountInput!) { createAccount(input: $input) { account { ${ACCOUNT} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function activateEkm(
  session: Session,
  input: { accountId: string; ticket?: string; expiresInDays?: number; idempotencyKey?: string },
): Promise<Answer<{ activateEkm: AccountPayload }>> {
  return session.request(
    "ActivateEkm",
    `mutation ActivateEkm($input: ActivateEkmInput!) { activateEkm(input: $input) { account { ${ACCOUNT} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function withdrawEkmActivation(
  session: Session,
  input: { accountId: string; reason: string; idempotencyKey?: string },
): Promise<Answer<{ withdrawEkmActivation: AccountPayload }>> {
  return session.request(
    "WithdrawEkmActivation",
    `mutation WithdrawEkmActivation($input: WithdrawEkmActivationInput!) {
      withdrawEkmActivation(input: $input) { account { ${ACCOUNT} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function readAccount(session: Session, id: string): Promise<Answer<{ account: Account | null }>> {
  return session.request("ReadAccount", `query ReadAccount($id: ID) { account(id: $id) { ${ACCOUNT} } }`, { id });
}

/** What the admin must have before enabling: null where EKM is not activated. */
export function readTermsVersion(
  session: Session,
  id: string,
): Promise<Answer<{ account: { ekm: { terms: { version: string } } | null } | null }>> {
  return session.request("ReadTerms", "query ReadTerms($id: ID) { account(id: $id) { ekm { terms { version } } } }", { id });
}

/** To whom the customer grants access, and how long plaintext may go on: null where EKM is not activated. */
export function readVendor(
  session: Session,
  id: string,
): Promise<
  Answer<{
    account: {
      ekm: { vendorAwsAccountId: string; vendorPrincipalArn: string; revocationWindowSeconds: number } | null;
    } | null;
  }>
> {
  return session.request(
    "ReadVendor",
    "query ReadVendor($id: ID) { account(id: $id) { ekm { vendorAwsAccountId vendorPrincipalArn revocationWindowSeconds } } }",
    { id },
  );
}
