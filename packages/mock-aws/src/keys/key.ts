import type { ExternalKeyCondition, KeyState, PendingDeletionError } from "../control/interface.js";
import type { Policy } from "../front/policy/policy.js";

/** What can change about a key; callers may see it later than it was changed. */
export interface KeyCondition {
  readonly state: KeyState;
  readonly policy: Policy;
  /** Simulated time, milliseconds. */
  readonly deletionDate: number | null;
  readonly pendingDeletionError: PendingDeletionError;
  readonly externalKey: ExternalKeyCondition;
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
  readonly description: string;
  readonly tags: readonly { readonly TagKey: string; readonly TagValue: string }[];
  /** Simulated time, milliseconds. */
  readonly createdAt: number;
  condition: KeyCondition;
  /** Before the last change. */
  previous: KeyCondition | null;
  /** Simulated time at which callers see `condition`. */
  visibleAt: number;
}

export type EncryptionContext = Readonly<Record<string, string>>;

export const keyArn = (region: string, accountId: string, id: string): string => `arn:aws:kms:${region}:${accountId}:key/${id}`;

export const isKeyId = (text: string): boolean =>
  /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.test(text);
