import { KMSClient } from "@aws-sdk/client-kms";
import type { KmsAwsOptions } from "./options.js";
import type { AccountSession } from "./sessions/account-sessions.js";

export interface KmsClients {
  /** With the process's own credentials, or with those of an account's session. Null for a Region off the allow-list. */
  forRegion(region: string, session?: AccountSession): KMSClient | null;
  destroy(): void;
}

/**
 * Sockets of one Region's client. The SDK's 50 would let a few keys that do not answer take every socket; the cap per key is
 * what bounds one tenant.
 */
const MAX_SOCKETS = 512;

/**
 * One client per Region, made at first need, and one more for each session that is used there: it shares the Region's sockets and goes
 * with the session. The SDK's own retries are off: ours know what may be retried, and a budget.
 */
export function createClients(options: KmsAwsOptions): KmsClients {
  const regions = new Set([...options.allowedRegions, ...(options.region === undefined ? [] : [options.region])]);
  const clients = new Map<string, KMSClient>();
  const ofSessions = new WeakMap<AccountSession, Map<string, KMSClient>>();
  const endpoint = options.endpoint === undefined ? {} : { endpoint: options.endpoint };

  function ownClient(region: string): KMSClient {
    return remembered(clients, region, () => {
      const requestHandler = {
        connectionTimeout: options.connectionTimeoutMs,
        requestTimeout: options.requestTimeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: MAX_SOCKETS },
        httpsAgent: { maxSockets: MAX_SOCKETS },
      };
      const credentials = options.credentials === undefined ? {} : { credentials: options.credentials };
      return new KMSClient({ region, maxAttempts: 1, requestHandler, ...endpoint, ...credentials });
    });
  }

  function clientOf(region: string, session: AccountSession): KMSClient {
    const byRegion = ofSessions.get(session) ?? new Map<string, KMSClient>();
    ofSessions.set(session, byRegion);
    return remembered(byRegion, region, () => {
      const { requestHandler } = ownClient(region).config;
      return new KMSClient({ region, maxAttempts: 1, requestHandler, ...endpoint, credentials: session.credentials });
    });
  }

  return {
    forRegion(region, session) {
      if (!regions.has(region)) return null;
      return session === undefined ? ownClient(region) : clientOf(region, session);
    },
    destroy() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

function remembered(clients: Map<string, KMSClient>, region: string, make: () => KMSClient): KMSClient {
  const client = clients.get(region) ?? make();
  clients.set(region, client);
  return client;
}
