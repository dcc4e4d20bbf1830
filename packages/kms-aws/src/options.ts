import type { KmsLogger } from "./logger.js";

/** What the product allows a call: one answer takes at most three tries of three seconds, well within the default lease. */
export const CALL_LIMITS = { connectionTimeoutMs: 1_000, requestTimeoutMs: 3_000, maxAttempts: 3 } as const;

export interface KmsAwsOptions {
  /** Every Region's endpoint, and that of STS, for a simulator. Absent: AWS's own. */
  readonly endpoint?: string;
  /** Regions in which keys may live: an ARN's Region is looked up here and never becomes part of a host name otherwise. */
  readonly allowedRegions: readonly string[];
  /** The vendor's own keys are made here. Default: the first allowed Region. */
  readonly region?: string;
  /** Default: the SDK's chain of providers. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Tries of one call in all, the first included. */
  readonly maxAttempts: number;
  /** Calls in flight for one key. */
  readonly concurrency: number;
  /** 12 digits. */
  readonly vendorAccountId: string;
  /** The principal that customers grant access to. */
  readonly vendorPrincipalArn: string;
  /**
   * Keys are used under a session of `vendorPrincipalArn`, a role, of each account's own, with the tag `ekm:account`. Default: by the
   * process's own credentials. The vendor's keys are made and scheduled for deletion by the process itself either way.
   */
  readonly accountSessions?: boolean;
  /** Default: the process's own. Sessions live by it. */
  readonly monotonicMs?: () => number;
  readonly logger?: KmsLogger;
}
