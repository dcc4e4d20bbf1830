import type { Problem } from "../errors/outcome.js";
import type { EncryptionContext } from "../keys/generation.js";

/**
 * refusal: definitive, the lease ends at once, nothing is destroyed. transient: retried within budget, the lease runs to its
 * end. ours: as transient, and the vendor's fault. input: the request. data: the bytes cannot be used.
 */
export type FailureClass = "refusal" | "transient" | "ours" | "input" | "data";

export interface KmsFailure extends Problem {
  readonly failureClass: FailureClass;
}

export type KmsOutcome<T> =
  | { readonly ok: true; readonly value: T; readonly awsRequestId?: string }
  | { readonly ok: false; readonly error: KmsFailure };

export type KeyState =
  | "Enabled"
  | "Disabled"
  | "PendingDeletion"
  | "PendingReplicaDeletion"
  | "PendingImport"
  | "Unavailable"
  | "Creating"
  | "Updating";

export interface KeyDescription {
  /** As AWS answered: compare with the ARN that was asked for. */
  readonly arn: string;
  readonly state: KeyState | string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly manager: "AWS" | "CUSTOMER" | string;
  readonly origin: string;
  readonly multiRegion: boolean;
  readonly deletionDate?: Date;
}

/**
 * A symmetric KMS key, reached by its ARN. Every method answers an outcome and never throws for anything AWS or the network
 * does. A key answered under another id, or plaintext of another length than asked for, is KMS_ANSWER_INVALID (class `data`).
 * Plaintext buffers belong to the caller, who zeroes them. Retries, time-outs and concurrency are the adapter's; an answer
 * can take `timeoutMs` × attempts. Keys are wrapped with the encryption context given; a wrong context answers as AWS does.
 * A call is made on behalf of the account that its context names as `ekm:account` (reEncrypt: the target's), for which an adapter may
 * have credentials apart. Probes whose context names somebody else, or nobody, and DescribeKey, which has none, take `accountId`.
 */
export interface KeyService {
  /** 32 new random bytes, plain and wrapped. */
  generateDataKey(
    keyArn: string,
    context: EncryptionContext,
    accountId?: string,
  ): Promise<KmsOutcome<{ plaintext: Uint8Array; ciphertext: Uint8Array }>>;
  /** 1-4096 bytes. */
  encrypt(keyArn: string, plaintext: Uint8Array, context: EncryptionContext): Promise<KmsOutcome<{ ciphertext: Uint8Array }>>;
  decrypt(
    keyArn: string,
    ciphertext: Uint8Array,
    context: EncryptionContext,
    accountId?: string,
  ): Promise<KmsOutcome<{ plaintext: Uint8Array }>>;
  /** In one Region only: otherwise INPUT_INVALID (class `input`) without a call. */
  reEncrypt(request: ReEncryptRequest): Promise<KmsOutcome<{ ciphertext: Uint8Array }>>;
  /** Carries no encryption context: a policy may refuse it while it allows the rest. */
  describeKey(keyArn: string, accountId?: string): Promise<KmsOutcome<KeyDescription>>;
}

export interface ReEncryptRequest {
  readonly fromKeyArn: string;
  readonly toKeyArn: string;
  readonly ciphertext: Uint8Array;
  readonly fromContext: EncryptionContext;
  readonly toContext: EncryptionContext;
}

/** The vendor's own AWS account: one KMS key per account in Cloud Key Management. Same promises as {@link KeyService}. */
export interface VendorKeys {
  /** Creates the account's key, tagged with the account's id. Not idempotent: an orphan costs money, not safety. */
  createKey(accountId: string): Promise<KmsOutcome<{ arn: string }>>;
  /** Schedules deletion after 7 days; a key that is already pending deletion, or gone, is a success. */
  scheduleDeletion(keyArn: string): Promise<KmsOutcome<{ deletionDate: Date }>>;
  /**
   * 12 digits, and the principal that the customer grants access to. `sessionPerAccount`: keys are used under sessions that are tagged
   * `ekm:account`, which a key policy may require.
   */
  readonly identity: { readonly awsAccountId: string; readonly principalArn: string; readonly sessionPerAccount?: boolean };
}
