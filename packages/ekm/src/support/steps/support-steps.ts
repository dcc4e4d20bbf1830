import type { ErrorCode } from "../../errors/codes.js";
import { isOurs } from "../code-groups.js";

const NO_HAND_ON_KEYS =
  "Support only looks: it cannot use, enable or replace the customer's key, nor check it; an admin of the account can (checkKeyHealth).";
const FOLLOW = "Follow the account's events (accountEvents): KEY_HEALTH_CHANGED tells when the key works again.";
const ESCALATE =
  "Tell our operators, with the account's id and the AWS request ids: the cause is with us, not with the customer's key.";

/** What support can do about a problem of this code. */
export const supportSteps = (code: ErrorCode): readonly string[] => (isOurs(code) ? [ESCALATE] : [NO_HAND_ON_KEYS, FOLLOW]);
