import { randomBytes, randomUUID } from "node:crypto";
import type { EncryptionContext, KeyService, KmsFailure, KmsOutcome, VendorKeys } from "../src/index.js";
import { MemoryKey } from "./memory-key.js";
import { type KeyServiceCode, keyServiceFailure } from "./memory-key-failures.js";

export type KeyOperation =
  | "generateDataKey"
  | "encrypt"
  | "decrypt"
  | "reEncrypt"
  | "describeKey"
  | "createKey"
  | "scheduleDeletion";

export interface KeyServiceCall {
  readonly operation: KeyOperation;
  /** The source key of a reEncrypt; the account id of a createKey. */
  readonly keyArn: string;
  readonly context?: EncryptionContext;
}

export interface MemoryKeyServiceOptions {
  /** Default: the real time. Used for deletion dates. */
  readonly now?: () => Date;
  readonly region?: string;
  readonly vendorAccountId?: string;
}

/** A key service in memory with a switch for every way in which a key can fail. Hooks that throw simulate a crash of the caller. */
export interface MemoryKeyService {
  readonly keyService: KeyService;
  readonly vendorKeys: VendorKeys;
  /** Every call so far, in order. Clear it with `calls.length = 0`. */
  readonly calls: KeyServiceCall[];
  /** Run around each call; what they throw goes to the caller, `after` once the effect has happened. */
  readonly hooks: {
    before?: ((call: KeyServiceCall) => void | Promise<void>) | undefined;
    after?: ((call: KeyServiceCall) => void | Promise<void>) | undefined;
  };
  addKey(options?: { arn?: string; region?: string; awsAccountId?: string; boundTo?: string }): MemoryKey;
  /** Throws for an ARN that it never made. */
  key(arn: string): MemoryKey;
  /** The keys of the vendor's account, in order of creation. */
  readonly vendorOwned: readonly MemoryKey[];
  /** The next `times` calls of the operation fail with the code, before they have an effect. */
  failNext(operation: KeyOperation, code: KeyServiceCode, times?: number): void;
  countOf(operation: KeyOperation): number;
}

export function createMemoryKeyService(options: MemoryKeyServiceOptions = {}): MemoryKeyService {
  const { now = () => new Date(), region = "us-east-1", vendorAccountId = "999999999999" } = options;
  const keys = new Map<string, MemoryKey>();
  const vendorOwned: MemoryKey[] = [];
  const calls: KeyServiceCall[] = [];
  const hooks: MemoryKeyService["hooks"] = {};
  const forced: { operation: KeyOperation; code: KeyServiceCode }[] = [];
  let requests = 0;

  const newKey = (arn: string): MemoryKey => {
    const key = new MemoryKey(arn);
    keys.set(arn, key);
    return key;
  };

  async function call<T>(made: KeyServiceCall, work: () => T | KeyServiceCode): Promise<KmsOutcome<T>> {
    calls.push(made);
    const awsRequestId = `memory-${++requests}`;
    await hooks.before?.(made);
    const at = forced.findIndex((one) => one.operation === made.operation);
    const code = at < 0 ? undefined : forced.splice(at, 1)[0]?.code;
    const answer = code ?? work();
    await hooks.after?.(made);
    return typeof answer === "string"
      ? { ok: false, error: failureOf(answer as KeyServiceCode, made, awsRequestId) }
      : { ok: true, value: answer, awsRequestId };
  }

  /** Why the key refuses a cryptographic call under this context, if it does. */
  const refusalOf = (arn: string, context: EncryptionContext, alsoDenied = false): KeyServiceCode | undefined => {
    const key = keys.get(arn);
    if (key === undefined || key.state === "Deleted" || key.denied || alsoDenied) return "KEY_ACCESS_DENIED";
    if (key.boundTo !== undefined && context["ekm:account"] !== key.boundTo) return "KEY_ACCESS_DENIED";
    if (key.keyUsage !== "ENCRYPT_DECRYPT" || key.keySpec !== "SYMMETRIC_DEFAULT") return "KEY_USAGE_UNSUPPORTED";
    return STATE_CODES[key.state] ?? key.failWith ?? (key.answers === "invalid" ? "KMS_ANSWER_INVALID" : undefined);
  };
  /** A call on the vendor's own keys that AWS denies is the vendor's fault. */
  const failureOf = (code: KeyServiceCode, made: KeyServiceCall, awsRequestId: string): KmsFailure => {
    const ours = made.operation === "createKey" || vendorOwned.some((key) => key.arn === made.keyArn);
    return keyServiceFailure(ours && code === "KEY_ACCESS_DENIED" ? "VENDOR_AWS_FAULT" : code, made.keyArn, awsRequestId);
  };
  const known = (arn: string): MemoryKey => {
    const key = keys.get(arn);
    if (key === undefined) throw new Error(`the memory key service has no key ${arn}`);
    return key;
  };

  const keyService: KeyService = {
    generateDataKey: (keyArn, context) =>
      call({ operation: "generateDataKey", keyArn, context }, () => {
        const refusal = refusalOf(keyArn, context);
        if (refusal !== undefined) return refusal;
        const plaintext = new Uint8Array(randomBytes(32));
        return { plaintext, ciphertext: known(keyArn).seal(plaintext, context) };
      }),
    encrypt: (keyArn, plaintext, context) =>
      call({ operation: "encrypt", keyArn, context }, () => {
        if (plaintext.length < 1 || plaintext.length > 4096) return "INTERNAL";
        return (
          refusalOf(keyArn, context, keys.get(keyArn)?.encryptDenied) ?? { ciphertext: known(keyArn).seal(plaintext, context) }
        );
      }),
    decrypt: (keyArn, ciphertext, context) =>
      call({ operation: "decrypt", keyArn, context }, () => {
        const refusal = refusalOf(keyArn, context);
        if (refusal !== undefined) return refusal;
        const plaintext = known(keyArn).open(ciphertext, context);
        if (plaintext === null) return "ACCOUNT_KEY_UNREADABLE";
        return { plaintext: known(keyArn).answers === "wrong-bytes" ? new Uint8Array(randomBytes(plaintext.length)) : plaintext };
      }),
    async reEncrypt(request) {
      const { fromKeyArn, toKeyArn, fromContext, toContext } = request;
      if (regionOf(fromKeyArn) !== regionOf(toKeyArn)) return { ok: false, error: keyServiceFailure("INPUT_INVALID", toKeyArn) };
      let refusing = fromKeyArn;
      const outcome = await call({ operation: "reEncrypt", keyArn: fromKeyArn, context: fromContext }, () => {
        const refusal = refusalOf(fromKeyArn, fromContext, keys.get(fromKeyArn)?.reEncryptDenied);
        if (refusal !== undefined) return refusal;
        const plaintext = known(fromKeyArn).open(request.ciphertext, fromContext);
        if (plaintext === null) return "ACCOUNT_KEY_UNREADABLE";
        refusing = toKeyArn;
        return (
          refusalOf(toKeyArn, toContext, keys.get(toKeyArn)?.reEncryptDenied) ?? {
            ciphertext: known(toKeyArn).seal(plaintext, toContext),
          }
        );
      });
      return outcome.ok ? outcome : { ok: false, error: { ...outcome.error, keyArn: refusing } };
    },
    describeKey: (keyArn) =>
      call({ operation: "describeKey", keyArn }, () => {
        const key = keys.get(keyArn);
        if (key === undefined || key.state === "Deleted" || key.denied || key.describeDenied) return "KEY_ACCESS_DENIED";
        const { state, keySpec, keyUsage, manager, origin, multiRegion, deletionDate } = key;
        return {
          arn: key.describedArn ?? key.arn,
          ...{ state, keySpec, keyUsage, manager, origin, multiRegion },
          ...(deletionDate === undefined ? {} : { deletionDate }),
        };
      }),
  };

  const vendorKeys: VendorKeys = {
    createKey: (accountId) =>
      call({ operation: "createKey", keyArn: accountId }, () => {
        const key = newKey(`arn:aws:kms:${region}:${vendorAccountId}:key/${randomUUID()}`);
        vendorOwned.push(key);
        return { arn: key.arn };
      }),
    scheduleDeletion: (keyArn) =>
      call({ operation: "scheduleDeletion", keyArn }, () => {
        const key = keys.get(keyArn);
        const deletionDate = key?.deletionDate ?? new Date(now().getTime() + 7 * 24 * 3600 * 1000);
        if (key?.denied) return "VENDOR_AWS_FAULT";
        if (key !== undefined && key.state !== "Deleted") Object.assign(key, { state: "PendingDeletion", deletionDate });
        return { deletionDate };
      }),
    identity: { awsAccountId: vendorAccountId, principalArn: `arn:aws:iam::${vendorAccountId}:role/ekm` },
  };

  return {
    keyService,
    vendorKeys,
    calls,
    hooks,
    vendorOwned,
    addKey(spec = {}) {
      const key = newKey(
        spec.arn ?? `arn:aws:kms:${spec.region ?? region}:${spec.awsAccountId ?? "111122223333"}:key/${randomUUID()}`,
      );
      key.boundTo = spec.boundTo;
      return key;
    },
    key: known,
    failNext(operation, code, times = 1) {
      for (let n = 0; n < times; n++) forced.push({ operation, code });
    },
    countOf: (operation) => calls.filter((one) => one.operation === operation).length,
  };
}

const STATE_CODES: Partial<Record<string, KeyServiceCode>> = {
  Disabled: "KEY_DISABLED",
  PendingDeletion: "KEY_PENDING_DELETION",
  PendingReplicaDeletion: "KEY_PENDING_DELETION",
  PendingImport: "KEY_PENDING_IMPORT",
  Unavailable: "KEY_UNAVAILABLE",
  Creating: "KEY_UNAVAILABLE",
  Updating: "KEY_UNAVAILABLE",
};

const regionOf = (arn: string): string | undefined => arn.split(":")[3];
