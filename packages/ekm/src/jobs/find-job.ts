import { prefixOf } from "../identifiers/ids.js";
import type { Repositories } from "../ports/store.js";
import type { Backup, JobKind, Restore, Verification } from "./job.js";

/** A job's row as one of its kinds. */
export type JobRow =
  | { readonly kind: "backup"; readonly value: Backup }
  | { readonly kind: "restore"; readonly value: Restore }
  | { readonly kind: "verification"; readonly value: Verification };

export const QUEUE_KINDS = { backup: "BACKUP", restore: "RESTORE", verification: "VERIFICATION" } as const satisfies Record<
  JobRow["kind"],
  JobKind
>;

/** The backup, restore or verification with this id; null when there is none. */
export async function findJob(
  { backups, restores, verifications }: Pick<Repositories, "backups" | "restores" | "verifications">,
  id: string,
): Promise<JobRow | null> {
  switch (prefixOf(id)) {
    case "bkp": {
      const value = await backups.byId(id);
      return value && { kind: "backup", value };
    }
    case "rst": {
      const value = await restores.byId(id);
      return value && { kind: "restore", value };
    }
    case "vrf": {
      const value = await verifications.byId(id);
      return value && { kind: "verification", value };
    }
    default:
      return null;
  }
}
