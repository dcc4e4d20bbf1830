import type { KMSClient } from "@aws-sdk/client-kms";
import type { KmsFailure, KmsOutcome } from "@ekm/ekm";
import { type AwsAnswer, awsAnswerOf } from "../classification/aws-answer.js";
import { failureOf, toFailure } from "../classification/to-failure.js";
import type { KmsClients } from "../clients.js";
import { partsOfKeyArn } from "../key-arn.js";
import type { KmsLogger } from "../logger.js";
import type { AccountSessions } from "../sessions/account-sessions.js";

interface Answer {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** One answer of the SDK, or what it means. `value: null` from `read`: the answer is not what was asked for. */
export interface Call<A extends Answer, T> {
  readonly keyArn: string;
  /** On whose behalf. Absent: the vendor's own business. */
  readonly accountId?: string | undefined;
  readonly send: (client: KMSClient, options: { abortSignal: AbortSignal }) => Promise<A>;
  /** Takes the value out of the answer, checking it; null when the answer must not be used. */
  readonly read: (answer: A) => T | null;
  /** Which key a failure is about, where a call has two. Default: `keyArn`. */
  readonly keyAtFault?: (answer: AwsAnswer) => string;
}

export interface Caller {
  /** One attempt: never throws for what AWS or the network does. */
  attempt<A extends Answer, T>(call: Call<A, T>): Promise<KmsOutcome<T>>;
  /** One attempt at a call that names no key, in the vendor's own account. */
  attemptAsVendor<A extends Answer, T>(region: string, call: Omit<Call<A, T>, "keyArn" | "accountId">): Promise<KmsOutcome<T>>;
}

export interface CallerPorts {
  readonly clients: KmsClients;
  /** Absent: every call is made with the process's own credentials. */
  readonly sessions?: AccountSessions | undefined;
  readonly vendorAccountId: string;
  /** Bound on one attempt as a whole, body included: the SDK's request time-out ends with the answer's first bytes. */
  readonly attemptTimeoutMs: number;
  readonly logger: KmsLogger;
}

/** What AWS says of temporary credentials that have run out, or that it does not know. */
const SESSION_IS_OVER: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
]);

export function createCaller({ clients, sessions, vendorAccountId, attemptTimeoutMs, logger }: CallerPorts): Caller {
  const isVendors = (keyArn: string): boolean => partsOfKeyArn(keyArn)?.awsAccountId === vendorAccountId;

  async function run<A extends Answer, T>(
    region: string,
    call: Omit<Call<A, T>, "keyArn"> & { keyArn?: string },
  ): Promise<KmsOutcome<T>> {
    const opened = call.accountId === undefined ? undefined : await sessions?.of(call.accountId);
    if (opened?.ok === false) return { ok: false, error: { ...opened.error, ...(call.keyArn ? { keyArn: call.keyArn } : {}) } };
    const session = opened?.value;
    const client = clients.forRegion(region, session);
    if (client === null) return { ok: false, error: failureOf("input", "KEY_REGION_UNSUPPORTED", call.keyArn) };
    let answer: A;
    try {
      answer = await call.send(client, { abortSignal: AbortSignal.timeout(attemptTimeoutMs) });
    } catch (error) {
      const answered = awsAnswerOf(error);
      if (session !== undefined && SESSION_IS_OVER.has(answered.name)) sessions?.forget(session);
      return { ok: false, error: failureFrom(answered, call) };
    }
    const awsRequestId = answer.$metadata.requestId;
    const value = call.read(answer);
    if (value === null) {
      const failure = failureOf("data", "KMS_ANSWER_INVALID", call.keyArn, awsRequestId);
      report(failure, awsRequestId === undefined ? {} : { requestId: awsRequestId }, true);
      return { ok: false, error: failure };
    }
    return { ok: true, value, ...(awsRequestId === undefined ? {} : { awsRequestId }) };
  }

  function failureFrom(answer: AwsAnswer, call: { keyArn?: string; keyAtFault?: (answer: AwsAnswer) => string }): KmsFailure {
    const keyArn = call.keyAtFault?.(answer) ?? call.keyArn;
    const ownedByVendor = keyArn === undefined || isVendors(keyArn);
    const { known, ...failure } = toFailure(answer, { ...(keyArn === undefined ? {} : { keyArn }), ownedByVendor });
    report(failure, answer, known);
    return failure;
  }

  /** A customer's refusal is no news for our operators. */
  function report(failure: KmsFailure, answer: Partial<AwsAnswer>, known: boolean): void {
    const { code, failureClass, keyArn } = failure;
    const { name, code: cause, status, requestId } = answer;
    const fields = { code, keyArn, name, cause, status, requestId };
    if (!known) logger.error(fields, "AWS KMS answered in a way that no rule knows");
    else if (failureClass === "ours") logger.error(fields, "AWS KMS failed us for a reason on our side");
    else if (code === "KMS_ANSWER_INVALID") logger.error(fields, "AWS KMS answered with something that was not asked for");
    else if (failureClass === "transient") logger.warn(fields, "a call to AWS KMS failed for the moment");
  }

  return {
    async attempt(call) {
      const parts = partsOfKeyArn(call.keyArn);
      return parts === null ? { ok: false, error: failureOf("input", "KEY_ARN_INVALID") } : run(parts.region, call);
    },
    attemptAsVendor: (region, call) => run(region, call),
  };
}
