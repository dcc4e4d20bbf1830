import { ERROR_CODES } from "@ekm/ekm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awsAnswerOf } from "./aws-answer.js";
import { ANSWER_TABLE, classifyAnswer } from "./classify-answer.js";
import { possibleCausesOf } from "./possible-causes.js";
import { toFailure } from "./to-failure.js";

const ARN = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const INVALID_STATE = "KMSInvalidStateException";
const DENIED =
  "User: arn:aws:iam::999999999999:role/ekm is not authorized to perform: kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";

// One line per row of the contract's table: name, text, class, code.
const ROWS: readonly (readonly [string, string, string, string])[] = [
  ["DisabledException", `${ARN} is disabled.`, "refusal", "KEY_DISABLED"],
  ["DisabledException", `${ARN} is pending deletion.`, "refusal", "KEY_PENDING_DELETION"],
  [INVALID_STATE, `${ARN} is pending deletion.`, "refusal", "KEY_PENDING_DELETION"],
  [INVALID_STATE, `${ARN} is pending import.`, "refusal", "KEY_PENDING_IMPORT"],
  [INVALID_STATE, `${ARN} is unavailable.`, "transient", "KEY_UNAVAILABLE"],
  [INVALID_STATE, `${ARN} is creating.`, "transient", "KEY_UNAVAILABLE"],
  [INVALID_STATE, `${ARN} is updating.`, "transient", "KEY_UNAVAILABLE"],
  [
    INVALID_STATE,
    "The external key store proxy rejected the request because the external key is not enabled in the external key manager.",
    "refusal",
    "EXTERNAL_KEY_DISABLED",
  ],
  [
    INVALID_STATE,
    "The external key store proxy rejected the request because it could not find the external key.",
    "refusal",
    "EXTERNAL_KEY_NOT_FOUND",
  ],
  [
    INVALID_STATE,
    "The external key store proxy denied access to the operation. Verify that the AWS KMS user has permission.",
    "refusal",
    "EXTERNAL_KEY_DENIED",
  ],
  [
    INVALID_STATE,
    "AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the request.",
    "transient",
    "EXTERNAL_KEY_STORE_UNREACHABLE",
  ],
  [INVALID_STATE, "AWS KMS cannot communicate with the external key store proxy.", "transient", "EXTERNAL_KEY_STORE_UNREACHABLE"],
  [INVALID_STATE, "All external key store proxy instances are unhealthy.", "transient", "EXTERNAL_KEY_STORE_UNREACHABLE"],
  [INVALID_STATE, "Something that was never documented.", "transient", "KEY_UNAVAILABLE"],
  ["NotFoundException", `Key '${ARN}' does not exist`, "refusal", "KEY_NOT_FOUND"],
  ["AccessDeniedException", DENIED, "refusal", "KEY_ACCESS_DENIED"],
  ["OptInRequired", "The AWS Access Key Id needs a subscription for the service", "ours", "VENDOR_AWS_FAULT"],
  ["UnrecognizedClientException", "The security token included in the request is invalid.", "ours", "VENDOR_AWS_FAULT"],
  ["InvalidClientTokenId", "", "ours", "VENDOR_AWS_FAULT"],
  ["ExpiredToken", "", "ours", "VENDOR_AWS_FAULT"],
  ["ExpiredTokenException", "", "ours", "VENDOR_AWS_FAULT"],
  ["InvalidSignatureException", "", "ours", "VENDOR_AWS_FAULT"],
  ["IncompleteSignature", "", "ours", "VENDOR_AWS_FAULT"],
  ["IncompleteSignatureException", "", "ours", "VENDOR_AWS_FAULT"],
  ["MissingAuthenticationToken", "", "ours", "VENDOR_AWS_FAULT"],
  ["MissingAuthenticationTokenException", "", "ours", "VENDOR_AWS_FAULT"],
  ["RequestExpired", "", "ours", "VENDOR_AWS_FAULT"],
  ["CredentialsProviderError", "Could not load credentials from any providers", "ours", "VENDOR_AWS_FAULT"],
  ["ValidationException", "1 validation error detected", "ours", "INTERNAL"],
  ["UnsupportedOperationException", "", "ours", "INTERNAL"],
  ["InvalidArnException", "Invalid arn us-east-1", "ours", "INTERNAL"],
  [
    "InvalidKeyUsageException",
    `${ARN} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
    "refusal",
    "KEY_USAGE_UNSUPPORTED",
  ],
  ["InvalidCiphertextException", "", "data", "ACCOUNT_KEY_UNREADABLE"],
  [
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
    "data",
    "ACCOUNT_KEY_UNREADABLE",
  ],
  ["ThrottlingException", "You have exceeded the rate at which you may call KMS.", "transient", "KMS_THROTTLED"],
  ["LimitExceededException", "", "transient", "KMS_THROTTLED"],
  ["KMSInternalException", "", "transient", "KMS_INTERNAL"],
  ["KeyUnavailableException", "", "transient", "KMS_INTERNAL"],
  ["DependencyTimeoutException", "", "transient", "KMS_INTERNAL"],
  ["SomethingNobodyHasHeardOf", "", "transient", "KMS_INTERNAL"],
];

describe("classification of what AWS answers", () => {
  it.each(ROWS)("%s, %j is %s: %s", (name, text, failureClass, code) => {
    expect(classifyAnswer({ name, text, status: 400 })).toMatchObject({ failureClass, code });
  });

  it("covers every row of its own table", () => {
    const used = new Set(
      ROWS.map(([name, text]) => ANSWER_TABLE.find((row) => row.names.includes(name) && (row.text?.test(text) ?? true))),
    );
    expect(ANSWER_TABLE.filter((row) => !used.has(row))).toEqual([]);
  });

  it.each([
    ["TimeoutError", undefined, undefined],
    ["AbortError", undefined, undefined],
    ["SyntaxError", undefined, 502],
    ["Error", "ECONNRESET", 200],
    ["Error", "ECONNREFUSED", undefined],
    ["Error", "EPIPE", undefined],
    ["Error", "ENOTFOUND", undefined],
    ["Error", "EAI_AGAIN", undefined],
    ["Error", "HPE_INVALID_CONSTANT", undefined],
    ["Error", "CERT_HAS_EXPIRED", undefined],
    ["Error", "DEPTH_ZERO_SELF_SIGNED_CERT", undefined],
  ])("%s with code %s and status %s did not reach KMS", (name, code, status) => {
    const answer = { name, text: "", ...(code ? { code } : {}), ...(status ? { status } : {}) };
    expect(classifyAnswer(answer)).toEqual({ failureClass: "transient", code: "KMS_UNREACHABLE", known: true });
  });

  it("knows any 5xx as a fault of AWS, and marks what it does not know", () => {
    expect(classifyAnswer({ name: "InternalFailure", text: "", status: 503 })).toMatchObject({
      code: "KMS_INTERNAL",
      known: true,
    });
    expect(classifyAnswer({ name: "Novelty", text: "", status: 400 })).toMatchObject({ code: "KMS_INTERNAL", known: false });
  });

  it("reads names and texts, never classes: whatever is thrown becomes a failure", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { failureClass, code } = classifyAnswer(awsAnswerOf(thrown));
        expect(ERROR_CODES).toContain(code);
        expect(["refusal", "transient", "ours", "input", "data"]).toContain(failureClass);
      }),
    );
  });

  it("takes the code of a cause, and bounds the text", () => {
    const error = Object.assign(new Error("x".repeat(9_999), { cause: { code: "ECONNRESET" } }), {
      $metadata: { httpStatusCode: 200, requestId: "r-1" },
    });
    const answer = awsAnswerOf(error);
    expect(answer).toMatchObject({ name: "Error", code: "ECONNRESET", status: 200, requestId: "r-1" });
    expect(answer.text.length).toBe(1024);
  });
});

describe("what we say of it", () => {
  const say = (name: string, text: string, ownedByVendor = false) =>
    toFailure({ name, text, status: 400, requestId: "r-2" }, { keyArn: ARN, ownedByVendor });

  it("names all possible causes of a denial, and AWS's error and request, but keeps AWS's text out", () => {
    const failure = say("AccessDeniedException", DENIED);
    expect(failure).toMatchObject({ keyArn: ARN, awsErrorName: "AccessDeniedException", awsRequestId: "r-2" });
    expect(failure.possibleCauses.join("; ")).toMatch(/policy.*deleted.*suspended/);
    expect(JSON.stringify(failure)).not.toContain("999999999999");
  });

  it("never blames a customer for a denial of the vendor's own key", () => {
    expect(say("AccessDeniedException", DENIED, true)).toMatchObject({
      failureClass: "ours",
      code: "VENDOR_AWS_FAULT",
      possibleCauses: [],
    });
  });

  it("claims one cause only where AWS names one", () => {
    expect(possibleCausesOf("KEY_DISABLED")).toEqual([]);
    expect(possibleCausesOf("KEY_ACCESS_DENIED")).toHaveLength(3);
  });

  it("marks answers that no rule knows, and names no error of AWS where AWS gave none", () => {
    const novelty = toFailure({ name: "Novelty", text: "", status: 400 }, { ownedByVendor: false });
    expect(novelty).toMatchObject({ known: false, awsErrorName: "Novelty" });
    const road = toFailure({ name: "SyntaxError", text: "", status: 502 }, { ownedByVendor: false });
    expect(road).toMatchObject({ known: true, code: "KMS_UNREACHABLE" });
    expect(road.awsErrorName).toBeUndefined();
  });
});
