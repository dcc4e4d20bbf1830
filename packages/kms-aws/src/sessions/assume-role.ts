import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type AwsAnswer, awsAnswerOf } from "../classification/aws-answer.js";
import { isTransportFault } from "../classification/classify-transport.js";
import { failureOf } from "../classification/to-failure.js";
import type { KmsLogger } from "../logger.js";
import type { KmsAwsOptions } from "../options.js";
import type { AssumeRole } from "./account-sessions.js";

/** The longest that AWS gives to a role that assumes a role (IAM User Guide, "Role chaining"). */
export const SESSION_SECONDS = 3_600;

/** The tag that a key policy can require as `aws:PrincipalTag/ekm:account`. */
const TAG = "ekm:account";

export interface RoleAssumer {
  readonly assume: AssumeRole;
  destroy(): void;
}

/**
 * The vendor's role for one account: tagged with the account's id, also in roles that are assumed from there (transitive), and named
 * after it, which customers see in their CloudTrail. One attempt; trying again is the calls'.
 */
export function createRoleAssumer(options: KmsAwsOptions, region: string, logger: KmsLogger): RoleAssumer {
  const { connectionTimeoutMs, requestTimeoutMs } = options;
  const client = new STSClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });

  return {
    async assume(accountId) {
      const command = new AssumeRoleCommand({
        RoleArn: options.vendorPrincipalArn,
        RoleSessionName: `ekm-${accountId}`,
        DurationSeconds: SESSION_SECONDS,
        Tags: [{ Key: TAG, Value: accountId }],
        TransitiveTagKeys: [TAG],
      });
      try {
        const abortSignal = AbortSignal.timeout(connectionTimeoutMs + requestTimeoutMs);
        const { Credentials: given } = await client.send(command, { abortSignal });
        const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
        if (accessKeyId !== undefined && secretAccessKey !== undefined && sessionToken !== undefined) {
          return { ok: true, value: { accessKeyId, secretAccessKey, sessionToken } };
        }
        logger.error({ accountId }, "AWS STS answered without credentials");
        return { ok: false, error: failureOf("ours", "VENDOR_AWS_FAULT") };
      } catch (error) {
        return { ok: false, error: failed(accountId, awsAnswerOf(error)) };
      }
    },
    destroy: () => client.destroy(),
  };

  /** Whatever STS says, it says of the vendor's role, policies or quota: never of a customer's key. */
  function failed(accountId: string, answer: AwsAnswer) {
    const { name, code, status, requestId } = answer;
    if (isTransportFault(answer)) {
      logger.warn({ accountId, name, code, status, requestId }, "AWS STS cannot be reached");
      return failureOf("transient", "KMS_UNREACHABLE");
    }
    logger.error({ accountId, name, code, status, requestId }, "AWS STS gave no session for an account");
    return failureOf("ours", "VENDOR_AWS_FAULT", undefined, requestId);
  }
}
