import { type ErrorCode, type FailureClass, type KmsFailure, problem } from "@ekm/ekm";
import type { AwsAnswer } from "./aws-answer.js";
import { classifyAnswer } from "./classify-answer.js";
import { possibleCausesOf } from "./possible-causes.js";

/**
 * A failure that no exception of AWS stands behind. Its message is the catalogue's sentence: AWS's own text names callers and
 * resources that the reader may have no business to see.
 */
export function failureOf(failureClass: FailureClass, code: ErrorCode, keyArn?: string, awsRequestId?: string): KmsFailure {
  return {
    ...problem(code, {
      possibleCauses: possibleCausesOf(code),
      ...(keyArn === undefined ? {} : { keyArn }),
      ...(awsRequestId === undefined ? {} : { awsRequestId }),
    }),
    failureClass,
  };
}

export interface FailureContext {
  readonly keyArn?: string;
  /** The key is the vendor's own: a denial is then the vendor's fault, never a customer's refusal. */
  readonly ownedByVendor: boolean;
}

/** `known` is false for an answer that no row of the table fits. Only what came with a status has a name that AWS gave. */
export function toFailure(
  answer: AwsAnswer,
  { keyArn, ownedByVendor }: FailureContext,
): KmsFailure & { readonly known: boolean } {
  const { failureClass, code, known } = classifyAnswer(answer);
  const ours = ownedByVendor && code === "KEY_ACCESS_DENIED";
  const isAwsName = answer.status !== undefined && code !== "KMS_UNREACHABLE";
  return {
    ...failureOf(ours ? "ours" : failureClass, ours ? "VENDOR_AWS_FAULT" : code, keyArn, answer.requestId),
    ...(isAwsName ? { awsErrorName: answer.name } : {}),
    known,
  };
}
