import type { Account, Backup, KeyHealth, KeyHealthState } from "@ekm/ekm";
import { describe, expect, it } from "vitest";
import { presentBackup } from "./present-backup.js";
import type { Surroundings } from "./surroundings.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const backup: Backup = {
  id: "bkp_1",
  accountId: "acc_1",
  sourceId: "src_1",
  status: "SUCCEEDED",
  progress: { bytesDone: 1n, itemsDone: 1n },
  createdAt: NOW,
  requestedBy: "ada",
  createdUnder: "CLOUD",
  manifest: { objectName: "m", digest: "00", version: 1 },
};
const cloud: Account = { id: "acc_1", name: "Acme", createdAt: NOW, ekm: { status: "NOT_ACTIVATED" }, keyEpoch: 0, version: 1 };
const key = { arn: "arn:aws:kms:eu-west-1:444455556666:key/1", multiRegion: false, enabledAt: NOW, warnings: [] };
const enterprise: Account = {
  ...cloud,
  ekm: {
    status: "ENABLED",
    activation: { activatedAt: NOW, activatedBy: "sam" },
    acceptance: { version: "1", sha256: "00", acceptedBy: "ada", acceptedAt: NOW },
    key,
  },
};

const around = (account: Account, state?: KeyHealthState): Surroundings => ({
  account: async () => account,
  keyHealth: async () => (state === undefined ? null : ({ state } as KeyHealth)),
  source: async () => Promise.reject(new Error("not asked for")),
  backup: async () => Promise.reject(new Error("not asked for")),
});

describe("a backup", () => {
  it("shows what protects it now, which need not be what did when it was made", async () => {
    const before = presentBackup(backup, around(cloud));
    expect([before.createdUnder, await before.protectedBy(), await before.keyArn()]).toEqual(["CLOUD", "CLOUD", null]);
    const after = presentBackup(backup, around(enterprise, "HEALTHY"));
    expect([after.createdUnder, await after.protectedBy(), await after.keyArn()]).toEqual(["CLOUD", "ENTERPRISE", key.arn]);
  });

  it.each([
    ["in Cloud Key Management", backup, cloud, undefined, true],
    ["under a healthy key", backup, enterprise, "HEALTHY", true],
    ["under a key that stumbles", backup, enterprise, "DEGRADED", true],
    ["under a key that nobody looked at lately", backup, enterprise, "UNKNOWN", true],
    ["under a key that refuses", backup, enterprise, "UNUSABLE", false],
    ["under a lock that health knows of", backup, enterprise, "LOCKED", false],
    ["under a lock", backup, { ...cloud, keyLock: { lockedAt: NOW, lockedBy: "ada", reason: "drill" } }, undefined, false],
    ["while it runs", { ...backup, status: "RUNNING" }, cloud, undefined, false],
    ["when it failed", { ...backup, status: "FAILED" }, cloud, undefined, false],
  ] as const)("%s: restorable is %5$s", async (_when, made, account, state, restorable) => {
    expect(await presentBackup(made, around(account, state)).restorable()).toBe(restorable);
  });
});
