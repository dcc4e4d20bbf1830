import type { Answer, Session } from "./graphql.js";
import { CHECKS, type KeyCheck, ROTATION, type Rotation, USER_ERRORS, type UserError } from "./types.js";

export interface RotationPayload {
  readonly rotation: Rotation | null;
  readonly userErrors: readonly UserError[];
}

/** `acceptLossOfUnreadable` repeats the account's name. */
export function rotateEkmKey(
  session: Session,
  input: { accountId: string; keyArn: string; acceptLossOfUnreadable?: string; idempotencyKey?: string },
): Promise<Answer<{ rotateEkmKey: RotationPayload & { readonly checks: readonly KeyCheck[] } }>> {
  return session.request(
    "RotateEkmKey",
    `mutation RotateEkmKey($input: RotateEkmKeyInput!) {
      rotateEkmKey(input: $input) { rotation { ${ROTATION} } ${CHECKS} ${USER_ERRORS} } }`,
    { input },
  );
}

export function pauseEkmKeyRotation(
  session: Session,
  input: { rotationId: string; idempotencyKey?: string },
): Promise<Answer<{ pauseEkmKeyRotation: RotationPayload }>> {
  return session.request(
    "PauseEkmKeyRotation",
    `mutation PauseEkmKeyRotation($input: RotationInput!) {
      pauseEkmKeyRotation(input: $input) { rotation { ${ROTATION} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function resumeEkmKeyRotation(
  session: Session,
  input: { rotationId: string; idempotencyKey?: string },
): Promise<Answer<{ resumeEkmKeyRotation: RotationPayload }>> {
  return session.request(
    "ResumeEkmKeyRotation",
    `mutation ResumeEkmKeyRotation($input: RotationInput!) {
      resumeEkmKeyRotation(input: $input) { rotation { ${ROTATION} } ${USER_ERRORS} } }`,
    { input },
  );
}

export function cancelEkmKeyRotation(
  session: Session,
  input: { rotationId: string; idempotencyKey?: string },
): Promise<Answer<{ cancelEkmKeyRotation: RotationPayload }>> {
  return session.request(
    "CancelEkmKeyRotation",
    `mutation CancelEkmKeyRotation($input: RotationInput!) {
      cancelEkmKeyRotation(input: $input) { rotation { ${ROTATION} } ${USER_ERRORS} } }`,
    { input },
  );
}

/** Null: no such rotation, or another tenant's. */
export function readRotation(session: Session, id: string): Promise<Answer<{ node: Rotation | null }>> {
  return session.request(
    "ReadRotation",
    `query ReadRotation($id: ID!) { node(id: $id) { ... on KeyRotation { ${ROTATION} } } }`,
    {
      id,
    },
  );
}
