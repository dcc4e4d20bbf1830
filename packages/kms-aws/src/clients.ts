import { KMSClient } from "@aws-sdk/client-kms";
import type { KmsAwsOptions } from "./options.js";

export interface KmsClients {
  /** Null for a Region off the allow-list. */
  forRegion(region: string): KMSClient | null;
  destroy(): void;
}

/**
 * Sockets of one Region's client. The SDK's 50 would let a few keys that do not answer take every socket; the cap per key is
 * what bounds one tenant.
 */
const MAX_SOCKETS = 512;

/** One client per Region, made at first need. The SDK's own retries are off: ours know what may be retried, and a budget. */
export function createClients(options: KmsAwsOptions): KmsClients {
  const regions = new Set([...options.allowedRegions, ...(options.region === undefined ? [] : [options.region])]);
  const clients = new Map<string, KMSClient>();
  return {
    forRegion(region) {
      if (!regions.has(region)) return null;
      const known = clients.get(region);
      if (known !== undefined) return known;
      const client = new KMSClient({
        region,
        maxAttempts: 1,
        requestHandler: {
          connectionTimeout: options.connectionTimeoutMs,
          requestTimeout: options.requestTimeoutMs,
          throwOnRequestTimeout: true,
          httpAgent: { maxSockets: MAX_SOCKETS },
          httpsAgent: { maxSockets: MAX_SOCKETS },
        },
        ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
        ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      });
      clients.set(region, client);
      return client;
    },
    destroy() {
      for (const client of clients.values()) client.destroy();
    },
  };
}
