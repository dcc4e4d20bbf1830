import type { ExternalKeyCondition, KeyState, PendingDeletionError } from "../control/interface.js";
import type { Policy } from "../front/policy/policy.js";

/** What can change about a key; callers may see it later than it was changed. */
export interface KeyCondition {
  readonly state: KeyState;
  readonly policy: Policy;
  /** Simulated time, milliseconds. */
  readonly deletionDate: number | null;
  /** PendingReplicaDeletion: the window that begins once the last replica is gone; null where none will. */
  readonly pendingWindowDays: number | null;
  readonly pendingDeletionError: PendingDeletionError;
  readonly externalKey: ExternalKeyCondition;
}

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** Automatic rotation, while it is on. */
export interface RotationSchedule {
  readonly periodDays: number;
  /** Simulated time of the next rotation. */
  readonly nextAt: number;
}

export interface Rotation {
  /** Simulated time. */
  readonly at: number;
  readonly type: "AUTOMATIC" | "ON_DEMAND";
  readonly materialId: string | null;
}

/** Imported material that the key has now. */
export interface ImportedMaterial {
  /** Simulated time at which it is deleted; null: never. */
  readonly validTo: number | null;
}

export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
  readonly multiRegion: boolean;
  readonly customKeyStoreId: string | null;
  /** The key in an external key manager. */
  readonly xksKeyId: string | null;
  /** Simulated time, milliseconds. */
  readonly createdAt: number;
  description: string;
  tags: readonly Tag[];
  /** Of a multi-Region key: where its primary is. */
  primaryRegion: string | null;
  rotation: RotationSchedule | null;
  rotations: readonly Rotation[];
  imported: ImportedMaterial | null;
  condition: KeyCondition;
  /** Before the last change. */
  previous: KeyCondition | null;
  /** Simulated time at which callers see `condition`. */
  visibleAt: number;
}

type Given = "id" | "accountId" | "region" | "keySpec" | "keyUsage" | "origin" | "multiRegion" | "description" | "createdAt";

/** A key as it is when it is made. */
export function newKeyRecord(
  given: Pick<KeyRecord, Given> &
    Partial<Pick<KeyRecord, "tags" | "customKeyStoreId" | "xksKeyId" | "primaryRegion">> &
    Pick<KeyCondition, "state" | "policy">,
): KeyRecord {
  const { state, policy, ...record } = given;
  return {
    tags: [],
    customKeyStoreId: null,
    xksKeyId: null,
    primaryRegion: record.multiRegion ? record.region : null,
    ...record,
    arn: keyArn(record.region, record.accountId, record.id),
    rotation: null,
    rotations: [],
    imported: null,
    condition: {
      state,
      policy,
      deletionDate: null,
      pendingWindowDays: null,
      pendingDeletionError: "KMSInvalidState",
      externalKey: "ok",
    },
    previous: null,
    visibleAt: 0,
  };
}

export type EncryptionContext = Readonly<Record<string, string>>;

export const keyArn = (region: string, accountId: string, id: string): string => `arn:aws:kms:${region}:${accountId}:key/${id}`;

export const isKeyId = (text: string): boolean =>
  /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.test(text);
