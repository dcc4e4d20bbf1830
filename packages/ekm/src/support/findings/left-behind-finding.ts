import { customerKeyOf } from "../../health/record-observation.js";
import type { CaseFile } from "../case-file.js";
import type { CustomerStep, Finding } from "../diagnosis.js";
import { awsKey } from "../steps/aws-key.js";
import { counted, listed } from "../wording.js";

const MAX_KEYS_NAMED = 5;

/**
 * Succeeded backups that the account's present key does not open, by the former customer's key that would; under null those of generations
 * that were left when EKM was enabled, which no key opens.
 */
export function leftBehind({ account, wraps, backupsByGeneration }: CaseFile): ReadonlyMap<string | null, bigint> {
  const key = customerKeyOf(account);
  const byKey = new Map<string | null, bigint>();
  if (key === null) return byKey;
  const openedBy = new Map(
    wraps.filter(({ state }) => state === "CURRENT").map(({ generation, keyArn }) => [generation, keyArn]),
  );
  for (const [generation, backups] of backupsByGeneration) {
    const arn = openedBy.get(generation);
    if (arn === key.arn) continue;
    const former = arn === undefined || arn === account.vendorKey?.arn ? null : arn;
    byKey.set(former, (byKey.get(former) ?? 0n) + backups);
  }
  return byKey;
}

export function leftBehindFinding(file: CaseFile): Finding | null {
  const byKey = [...leftBehind(file)];
  if (byKey.length === 0) return null;
  const where = byKey.map(([keyArn, backups]) =>
    keyArn === null ? `${counted(backups, "backup")} that nothing opens` : `${counted(backups, "backup")} under ${keyArn}`,
  );
  return {
    state: "BACKUPS_LEFT_BEHIND",
    summary: `An admin of the account accepted a loss, which left these behind: ${listed(where, MAX_KEYS_NAMED)}. Everything else is under the account's present key.`,
    causes: [],
    customerSteps: byKey.flatMap(([keyArn]) => (keyArn === null ? [] : [takeAlong(keyArn)])),
    supportSteps: ["Support cannot restore these backups, and neither can anybody else without what opens them."],
    promise:
      "These backups stay listed and are never deleted for that reason; they can be restored only if what opens them returns.",
  };
}

function takeAlong(keyArn: string): CustomerStep {
  const { keyId, awsAccountId, region } = awsKey(keyArn);
  return {
    text: `If key ${keyId} (AWS account ${awsAccountId}, Region ${region}) ever works again, start a rotation from the present key to another: it takes along what can be opened then.`,
  };
}
