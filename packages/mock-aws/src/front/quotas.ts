import type { SimulatedClock } from "../clock.js";
import type { QuotaSettings } from "../control/interface.js";
import { AwsFault } from "./aws-fault.js";
import { THROTTLED } from "./throttled.js";

/** Operations that share one quota: symmetric cryptography (AWS KMS Developer Guide, "Request quotas"). */
const SYMMETRIC = new Set([
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GenerateRandom",
  "ReEncrypt",
  "VerifyMac",
]);
const ASYMMETRIC = new Set(["Sign", "Verify", "DeriveSharedSecret"]);

const CRYPTOGRAPHIC = "Cryptographic";

/**
 * Requests a second per calling account and Region. Most as AWS documents them; single figures have changed over the years, and
 * the larger Regions have more of the symmetric quota.
 */
const DEFAULTS: Readonly<Record<string, number>> = {
  [CRYPTOGRAPHIC]: 10_000,
  AsymmetricCryptographic: 1000,
  CustomKeyStore: 1800,
  CancelKeyDeletion: 5,
  ConnectCustomKeyStore: 5,
  CreateAlias: 5,
  CreateCustomKeyStore: 5,
  CreateGrant: 50,
  CreateKey: 5,
  DeleteAlias: 15,
  DeleteCustomKeyStore: 5,
  DeleteImportedKeyMaterial: 15,
  DescribeCustomKeyStores: 5,
  DescribeKey: 2000,
  DisableKey: 5,
  DisableKeyRotation: 5,
  DisconnectCustomKeyStore: 5,
  EnableKey: 5,
  EnableKeyRotation: 15,
  GenerateDataKeyPair: 100,
  GenerateDataKeyPairWithoutPlaintext: 100,
  GetKeyPolicy: 1000,
  GetKeyRotationStatus: 1000,
  GetParametersForImport: 0.25,
  GetPublicKey: 2000,
  ImportKeyMaterial: 15,
  ListAliases: 500,
  ListGrants: 100,
  ListKeyPolicies: 100,
  ListKeyRotations: 100,
  ListKeys: 500,
  ListResourceTags: 2000,
  ListRetirableGrants: 100,
  PutKeyPolicy: 15,
  ReplicateKey: 5,
  RetireGrant: 50,
  RevokeGrant: 50,
  RotateKeyOnDemand: 5,
  ScheduleKeyDeletion: 15,
  TagResource: 10,
  UntagResource: 5,
  UpdateAlias: 5,
  UpdateCustomKeyStore: 5,
  UpdateKeyDescription: 5,
  UpdatePrimaryRegion: 5,
};

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Off until it is switched on. A bucket holds one second's worth; a throttled call takes nothing. */
export class Quotas {
  #settings: QuotaSettings = { enabled: false, perSecond: {} };
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: SimulatedClock) {}

  get settings(): QuotaSettings {
    return { enabled: this.#settings.enabled, perSecond: { ...DEFAULTS, ...this.#settings.perSecond } };
  }

  /** Names of quotas; those that are not named keep AWS's figure. */
  set(settings: { readonly enabled: boolean; readonly perSecond?: Readonly<Record<string, number>> | undefined }): void {
    this.#settings = { enabled: settings.enabled, perSecond: settings.perSecond ?? {} };
    this.#buckets.clear();
  }

  isQuota(name: string): boolean {
    return Object.hasOwn(DEFAULTS, name);
  }

  /** Takes one call of the account's share, or answers that there is none left. */
  take(accountId: string, region: string, operation: string): AwsFault | null {
    if (!this.#settings.enabled) return null;
    return this.#take(`${accountId}/${region}`, quotaOf(operation));
  }

  /** The same for a custom key store, whoever calls. */
  takeOfStore(storeId: string, operation: string): AwsFault | null {
    if (!this.#settings.enabled || quotaOf(operation) !== CRYPTOGRAPHIC) return null;
    return this.#take(storeId, "CustomKeyStore");
  }

  #take(owner: string, quota: string): AwsFault | null {
    const perSecond = this.#settings.perSecond[quota] ?? DEFAULTS[quota];
    if (perSecond === undefined) return null;
    const name = `${owner}/${quota}`;
    const now = this.clock.now();
    const full = Math.max(1, perSecond);
    const bucket = this.#buckets.get(name) ?? { tokens: full, filledAt: now };
    bucket.tokens = Math.min(full, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return new AwsFault(THROTTLED.code, THROTTLED.message, THROTTLED.statusCode);
    bucket.tokens -= 1;
    return null;
  }
}

function quotaOf(operation: string): string {
  if (SYMMETRIC.has(operation)) return CRYPTOGRAPHIC;
  return ASYMMETRIC.has(operation) ? "AsymmetricCryptographic" : operation;
}
