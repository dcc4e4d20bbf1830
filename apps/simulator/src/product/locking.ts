import type { AccountPayload } from "./accounts.js";
import type { Answer, Session } from "./graphql.js";
import { ACCOUNT, USER_ERRORS } from "./types.js";

export function lockAccountKeys(
  session: Session,
  input: { accountId: string; reason: string; idempotencyKey?: string },
): Promise<Answer<{ lockAccountKeys: AccountPayload }>> {
  return session.request(
    "LockAccountKeys",
    `mutation LockAccountKeys($input: LockAccountKeysInput!) {
      lockAccountKeys(input: $input) { account { ${ACCOUNT} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function unlockAccountKeys(
  session: Session,
  input: { accountId: string; reason: string; idempotencyKey?: string },
): Promise<Answer<{ unlockAccountKeys: AccountPayload }>> {
  return session.request(
    "UnlockAccountKeys",
    `mutation UnlockAccountKeys($input: LockAccountKeysInput!) {
      unlockAccountKeys(input: $input) { account { ${ACCOUNT} } ${USER_ERRORS} } }`,
    { input },
  );
}
