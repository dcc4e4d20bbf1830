import { createKmsAws, type KmsAws } from "@ekm/kms-aws";
import type { FastifyBaseLogger } from "fastify";
import type { Environment } from "../environment.js";

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 3;
const CALLS_AT_ONCE_PER_KEY = 8;

/** AWS KMS, or whatever answers in its place at `EKM_KMS_ENDPOINT`. */
export const composeKeys = ({ aws, settings }: Environment, log: FastifyBaseLogger): KmsAws =>
  createKmsAws({
    ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    ...(aws.credentials === undefined ? {} : { credentials: aws.credentials }),
    region: aws.region,
    allowedRegions: settings.allowedRegions,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxAttempts: MAX_ATTEMPTS,
    concurrency: CALLS_AT_ONCE_PER_KEY,
    vendorAccountId: aws.vendor.awsAccountId,
    vendorPrincipalArn: aws.vendor.principalArn,
    logger: log,
  });
