export { createKmsAws, type KmsAws } from "./create-kms-aws.js";
export type { KmsLogger } from "./logger.js";
export type { KmsAwsOptions } from "./options.js";
