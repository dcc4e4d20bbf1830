import type { Answer, Session } from "./graphql.js";
import { ACCOUNT, type Account, CHECKS, HEALTH, type KeyCheck, type KeyHealth, USER_ERRORS, type UserError } from "./types.js";

export interface ValidateKmsKeyPayload {
  readonly checks: readonly KeyCheck[];
  readonly usable: boolean;
  readonly userErrors: readonly UserError[];
}
export interface EnableEkmPayload {
  readonly account: Account | null;
  readonly checks: readonly KeyCheck[];
  readonly userErrors: readonly UserError[];
}
export interface CheckKeyHealthPayload {
  readonly health: KeyHealth | null;
  readonly userErrors: readonly UserError[];
}

export function validateKmsKey(
  session: Session,
  input: { accountId: string; keyArn: string },
): Promise<Answer<{ validateKmsKey: ValidateKmsKeyPayload }>> {
  return session.request(
    "ValidateKmsKey",
    `mutation ValidateKmsKey($input: ValidateKmsKeyInput!) { validateKmsKey(input: $input) { ${CHECKS} usable ${USER_ERRORS} } }`,
    { input },
  );
}

export function enableEkm(
  session: Session,
  input: {
    accountId: string;
    keyArn: string;
    acceptedTermsVersion: string;
    confirmIrreversible: boolean;
    idempotencyKey?: string;
  },
): Promise<Answer<{ enableEkm: EnableEkmPayload }>> {
  return session.request(
    "EnableEkm",
    `mutation EnableEkm($input: EnableEkmInput!) { enableEkm(input: $input) { account { ${ACCOUNT} } ${CHECKS} ${USER_ERRORS} } }`,
    { input },
  );
}

export function checkKeyHealth(
  session: Session,
  input: { accountId: string },
): Promise<Answer<{ checkKeyHealth: CheckKeyHealthPayload }>> {
  return session.request(
    "CheckKeyHealth",
    `mutation CheckKeyHealth($input: AccountInput!) { checkKeyHealth(input: $input) { health { ${HEALTH} } ${USER_ERRORS} } }`,
    { input },
  );
}
