import { CALL_LIMITS, createKmsAws, type KmsAws } from "@ekm/kms-aws";
import type { FastifyBaseLogger } from "fastify";
import type { Environment } from "../environment.js";

const CALLS_AT_ONCE_PER_KEY = 8;

/** AWS KMS, or whatever answers in its place at `EKM_KMS_ENDPOINT`. */
export const composeKeys = ({ aws, settings }: Environment, log: FastifyBaseLogger): KmsAws =>
  createKmsAws({
    ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    ...(aws.credentials === undefined ? {} : { credentials: aws.credentials }),
    region: aws.region,
    allowedRegions: settings.allowedRegions,
    ...CALL_LIMITS,
    concurrency: CALLS_AT_ONCE_PER_KEY,
    vendorAccountId: aws.vendor.awsAccountId,
    vendorPrincipalArn: aws.vendor.principalArn,
    accountSessions: aws.accountSessions,
    logger: log,
  });
