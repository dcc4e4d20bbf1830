import type { Account } from "../accounts/account.js";
import { healthAsOf } from "../health/next-health.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Ports } from "../ports/ports.js";
import { type CaseFile, MAX_JOBS } from "./case-file.js";

/** Ten bounded reads, and none of AWS. */
export async function readCaseFile(
  { store: { read }, clock, settings }: Pick<Ports, "store" | "clock" | "settings">,
  account: Account,
): Promise<CaseFile> {
  const now = clock.now();
  const { id } = account;
  const first = MAX_JOBS;
  const latest = customerKeyOf(account) && (await read.health.current(id));
  const [rotation] = (await read.rotations.page(id, { first: 1 })).items;
  return {
    now,
    settings,
    account,
    health: latest && healthAsOf(latest, now, settings.healthIntervalSeconds),
    rotation: rotation ?? null,
    generationFailures: rotation === undefined ? [] : await read.rotations.failures(rotation.id),
    backups: (await read.backups.page(id, { first }, {})).items,
    restores: (await read.restores.page(id, { first }, {})).items,
    failedBackups: (await read.backups.page(id, { first }, { status: "FAILED" })).items,
    failedRestores: (await read.restores.page(id, { first }, { status: "FAILED" })).items,
    wraps: await read.keys.wraps(id),
    backupsByGeneration: await read.backups.countByGeneration(id),
  };
}
