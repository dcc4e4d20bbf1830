import { createHash } from "node:crypto";
import type { CallEvent, SimulatorEvent } from "../control/interface.js";

/** A record as CloudTrail delivers it: those of its fields that the simulator can know. */
export interface CloudTrailRecord {
  readonly eventVersion: "1.11";
  readonly userIdentity: Readonly<Record<string, string>>;
  /** ISO 8601, whole seconds. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: null;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly { readonly accountId: string; readonly type: "AWS::KMS::Key"; readonly ARN: string }[];
  readonly eventType: "AwsApiCall";
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  /** The same in both accounts' records of one call. */
  readonly sharedEventID?: string;
  readonly eventCategory: "Management";
}

export interface CloudTrailFile {
  readonly Records: readonly CloudTrailRecord[];
}

/**
 * What an account's trail has of these events, in the form of a log file. As AWS documents it, a call on another account's key is in
 * the caller's trail and the owner's, and one that was denied in the caller's alone. Assumed: a call that a fault kept from AWS is in
 * neither; throttled and otherwise failed calls are as successful ones; a denied one has the code `AccessDenied`; the owner sees
 * the caller's account and not its ARN. ReEncrypt shows its source alone.
 */
export const cloudTrail = (events: readonly SimulatorEvent[], accountId: string): CloudTrailFile => ({
  Records: events.flatMap((event) => (event.kind === "call" && isIn(event, accountId) ? recordOf(event, accountId) : [])),
});

const DENIED = "AccessDeniedException";
/** What a fault puts in AWS's place, or in the place of an answer. */
const NOT_AWS = new Set(["html", "reset", "black-hole", "aborted"]);
const CHANGES =
  /^(Create|Put|Schedule|Cancel|Disable|Enable|Tag|Untag|Update|Delete|Import|Replicate|Retire|Revoke|Rotate|Connect|Disconnect)/;

function isIn(call: CallEvent, accountId: string): boolean {
  if (call.status === null || NOT_AWS.has(call.outcome) || call.callerAccountId === null) return false;
  return call.callerAccountId === accountId || (call.ownerAccountId === accountId && call.outcome !== DENIED);
}

function recordOf(call: CallEvent, accountId: string): CloudTrailRecord {
  const { requestId, service, operation, outcome, keyArn, ownerAccountId, region } = call;
  const failed = outcome !== "ok" && outcome !== "truncate";
  const shared = ownerAccountId !== null && ownerAccountId !== call.callerAccountId;
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(call, accountId),
    eventTime: `${call.at.slice(0, 19)}Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName: operation,
    awsRegion: region ?? "us-east-1",
    sourceIPAddress: "127.0.0.1",
    userAgent: "simulator",
    ...(failed ? { errorCode: outcome === DENIED ? "AccessDenied" : outcome } : {}),
    requestParameters: service === "kms" ? parametersOf(call) : null,
    responseElements: null,
    requestID: requestId,
    eventID: idOf(`${requestId} ${accountId}`),
    readOnly: !CHANGES.test(operation),
    ...(keyArn === null || ownerAccountId === null
      ? {}
      : { resources: [{ accountId: ownerAccountId, type: "AWS::KMS::Key", ARN: keyArn }] }),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    ...(shared ? { sharedEventID: idOf(requestId) } : {}),
    eventCategory: "Management",
  };
}

function identityOf({ callerAccountId, callerArn }: CallEvent, recipient: string): Readonly<Record<string, string>> {
  const [accountId, arn] = [callerAccountId ?? "", callerArn ?? ""];
  const principalId = idOf(arn).replaceAll("-", "").slice(0, 21).toUpperCase();
  if (accountId !== recipient) return { type: "AWSAccount", principalId, accountId };
  return { type: arn.includes(":assumed-role/") ? "AssumedRole" : "IAMUser", principalId, arn, accountId };
}

function parametersOf({ operation, keyArn, encryptionContext }: CallEvent): Readonly<Record<string, unknown>> {
  const [keyId, context] =
    operation === "ReEncrypt" ? (["sourceKeyId", "sourceEncryptionContext"] as const) : (["keyId", "encryptionContext"] as const);
  return {
    ...(keyArn === null ? {} : { [keyId]: keyArn }),
    ...(encryptionContext === null ? {} : { [context]: encryptionContext }),
  };
}

/** In the form of a UUID, always the same for the same text. */
function idOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
