import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Ports, Settings } from "../src/ports/ports.js";
import type { Signer } from "../src/ports/signer.js";
import type { WebhookMeans } from "../src/ports/webhook-means.js";
import { ed25519Signer } from "../src/signing/ed25519-signer.js";
import { createSecretSealer } from "../src/webhooks/secret-sealer.js";
import { createFakeClock, type FakeClock } from "./fake-clock.js";
import { createMemoryKeyRecords, type MemoryKeyRecords } from "./memory-key-records.js";
import { createMemoryKeyService, type MemoryKeyService } from "./memory-key-service.js";
import { createMemoryRoots } from "./memory-roots.js";
import { createMemoryStore, type MemoryStore } from "./memory-store.js";
import { createSequentialIds } from "./sequential-ids.js";

export const TEST_SETTINGS: Settings = {
  leaseSeconds: 60,
  healthIntervalSeconds: 60,
  allowedRegions: ["us-east-1", "eu-west-1"],
  databaseRetentionDays: 35,
};

/** Every port in memory, and `kms`, the switches of the key service. */
export interface MemoryPorts extends Ports {
  readonly store: MemoryStore;
  readonly clock: FakeClock;
  readonly keyRecords: MemoryKeyRecords;
  readonly kms: MemoryKeyService;
  readonly webhooks: WebhookMeans;
  /** Signs with a key made for the process; verify with {@link SIGNER_PUBLIC_KEY}. */
  readonly signer: Signer;
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
export const SIGNER_PUBLIC_KEY: KeyObject = publicKey;

export function createMemoryPorts(settings: Partial<Settings> = {}): MemoryPorts {
  const clock = createFakeClock();
  const ids = createSequentialIds();
  const kms = createMemoryKeyService({ now: () => clock.now() });
  return {
    clock,
    ids,
    kms,
    store: createMemoryStore({ clock, ids }),
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    keyRecords: createMemoryKeyRecords(),
    roots: createMemoryRoots(),
    signer: ed25519Signer(privateKey),
    settings: { ...TEST_SETTINGS, ...settings },
    webhooks: { sealer: createSecretSealer(new Uint8Array(32).fill(7)), allowInsecure: false },
  };
}
