export { createKmsAws, type KmsAws } from "./create-kms-aws.js";
export type { KmsLogger } from "./logger.js";
export { CALL_LIMITS, type KmsAwsOptions } from "./options.js";
