import type { Clock, Ids } from "./clock.js";
import type { KeyRecords } from "./key-records.js";
import type { KeyService, VendorKeys } from "./key-service.js";
import type { AllowedRoots } from "./roots.js";
import type { Store } from "./store.js";
import type { WebhookMeans } from "./webhook-means.js";

/** All that the use cases need from outside. Each use case names the few that it takes. */
export interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keyService: KeyService;
  readonly vendorKeys: VendorKeys;
  readonly keyRecords: KeyRecords;
  readonly roots: AllowedRoots;
  readonly settings: Settings;
  /** Absent: this installation has no webhooks. */
  readonly webhooks?: WebhookMeans;
}

export interface Settings {
  /** 1-300 s, 60 by default. */
  readonly leaseSeconds: number;
  readonly healthIntervalSeconds: number;
  /** AWS Regions in which a customer's key may live. */
  readonly allowedRegions: readonly string[];
  /** Retention of our own database backups and replicas, in days. */
  readonly databaseRetentionDays: number;
}
