import type { SimulatedClock } from "../clock.js";
import type { BoundOperation } from "../kms/operation.js";
import { KMS_OPERATIONS } from "../kms/operations.js";
import { STS_OPERATIONS } from "../sts/operations.js";
import type { Accounts, Caller } from "./accounts.js";
import { AwsFault } from "./aws-fault.js";
import type { SignableRequest } from "./sigv4/canonical-request.js";
import { type Credentials, type SignatureVerifier, unrecognizedClient } from "./sigv4/verify.js";
import type { Wire } from "./wire/wire.js";

export interface Admitted {
  readonly caller: Caller;
  readonly region: string;
  readonly bound: BoundOperation;
}

export interface AdmissionServices {
  readonly accounts: Accounts;
  readonly signatures: SignatureVerifier;
  readonly clock: SimulatedClock;
}

export interface AdmissionNotes {
  caller: Caller | null;
  region: string | null;
}

/**
 * Signature, identity, status of the caller's account, then the request's own form. `notes` is filled as far as it gets, for
 * the event log.
 */
export function admit(
  request: SignableRequest & { readonly body: Buffer },
  operationName: string,
  wire: Wire,
  { accounts, signatures, clock }: AdmissionServices,
  notes: AdmissionNotes,
): Admitted | AwsFault {
  const verified = signatures.verify(request, {
    service: wire.service,
    credentialsOf: (accessKeyId) => credentialsOf(accounts.callerOf(accessKeyId), clock.now()),
    now: new Date(),
  });
  if (verified instanceof AwsFault) return verified;
  const caller = accounts.callerOf(verified.accessKeyId);
  if (caller === undefined) return unrecognizedClient();
  notes.caller = caller;
  notes.region = verified.region;
  const inactive = callerFault(caller);
  if (inactive) return inactive;
  const operation = (wire.service === "kms" ? KMS_OPERATIONS : STS_OPERATIONS).get(operationName);
  if (operation === undefined) return new AwsFault("UnknownOperationException");
  const input = wire.read(request.body);
  if (input instanceof AwsFault) return input;
  const bound = operation.bind(input);
  return bound instanceof AwsFault ? bound : { caller, region: verified.region, bound };
}

function credentialsOf(caller: Caller | undefined, now: number): Credentials | undefined {
  if (caller === undefined) return undefined;
  const { secretAccessKey, session } = caller;
  return { secretAccessKey, session: session && { token: session.token, expired: now >= session.expiresAt } };
}

/** What AWS answers to credentials of an account that is not active. */
function callerFault({ account }: Caller): AwsFault | null {
  if (account.status === "SUSPENDED") {
    return new AwsFault("OptInRequired", "The AWS Access Key Id needs a subscription for the service", 403);
  }
  return account.status === "CLOSED" ? unrecognizedClient() : null;
}
