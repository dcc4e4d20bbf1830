import type { Backup, BackupProtection } from "@ekm/ekm";
import { describe, expect, it } from "vitest";
import type { GraphQLContext } from "../context.js";
import { presentBackup } from "./present-backup.js";
import { createSurroundings } from "./surroundings.js";

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

/** Counts how often the queries are asked. */
function surroundings(protection: BackupProtection) {
  const asked: string[] = [];
  const queries = {
    async backupProtections(_caller: unknown, accountId: string) {
      asked.push(accountId);
      return { ok: true, value: () => protection };
    },
  };
  const context = { caller: { subject: "ada", roles: [] }, useCases: { queries } } as unknown as GraphQLContext;
  return { around: createSurroundings(context, "acc_1"), asked };
}

const fieldsOf = async (view: ReturnType<typeof presentBackup>) => [
  view.createdUnder,
  await view.protectedBy(),
  await view.keyArn(),
  await view.restorable(),
];

describe("a backup", () => {
  it("shows what protects it now, which need not be what did when it was made", async () => {
    const cloud = surroundings({ protectedBy: "CLOUD", restorable: true });
    expect(await fieldsOf(presentBackup(backup, cloud.around))).toEqual(["CLOUD", "CLOUD", null, true]);
    const enterprise = surroundings({ protectedBy: "ENTERPRISE", keyArn: "arn", restorable: false });
    expect(await fieldsOf(presentBackup(backup, enterprise.around))).toEqual(["CLOUD", "ENTERPRISE", "arn", false]);
  });

  it("has it looked up once for a page, and only when it is asked for", async () => {
    const { around, asked } = surroundings({ protectedBy: "CLOUD", restorable: true });
    const page = Array.from({ length: 50 }, () => presentBackup(backup, around));
    expect(asked).toEqual([]);
    await Promise.all(page.map(fieldsOf));
    expect(asked).toEqual(["acc_1"]);
  });
});
