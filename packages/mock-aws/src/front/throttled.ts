import type { FaultError } from "@ekm/faults";

/** What KMS answers when a quota is used up; as a fault's `error` it throttles whatever the rule is about. */
export const THROTTLED = {
  statusCode: 400,
  code: "ThrottlingException",
  message: "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
} as const satisfies FaultError;
