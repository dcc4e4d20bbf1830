import type { Job } from "../../jobs/job.js";
import { isRecordOf, putRecordOf } from "../../keyring/ensure-key-record.js";
import { spareRecords } from "../../keyring/spare-records.js";
import type { RotationPorts } from "./rotation-ports.js";
import { retiring, rotationStep } from "./rotation-step.js";

/**
 * Beside the backups there is the record of every current wrap, and then no record that nothing needs. What goes is decided
 * under the fence, of records that lay there before: a worker that loses the job then can remove nothing that came later. Null:
 * done.
 */
export async function keepCurrentRecordsOnly(
  ports: Pick<RotationPorts, "store" | "keyRecords">,
  job: Job,
  accountId: string,
  stop: AbortSignal,
): Promise<"stopped" | "moved-on" | "lost" | null> {
  const { keyRecords, store } = ports;
  const lying = await keyRecords.list(accountId);
  const checkValues = new Map((await store.read.keys.generations(accountId)).map((row) => [row.generation, row.checkValue]));
  for (const wrap of await store.read.keys.wraps(accountId)) {
    if (stop.aborted) return "stopped";
    const checkValue = checkValues.get(wrap.generation);
    if (wrap.state !== "CURRENT" || checkValue === undefined) continue;
    if (!lying.some((record) => isRecordOf(record, wrap, checkValue))) await putRecordOf(ports, wrap, checkValue);
  }

  const records = await keyRecords.list(accountId);
  const spare = await rotationStep(ports, job, retiring, async (tx) =>
    spareRecords({ records, generations: await tx.keys.generations(accountId), wraps: await tx.keys.wraps(accountId) }),
  );
  if (spare.kind !== "written") return spare.kind;
  for (const record of spare.value) {
    if (stop.aborted) return "stopped";
    await keyRecords.remove(record);
  }
  return null;
}
