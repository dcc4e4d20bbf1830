import type { Ports } from "../ports/ports.js";
import type { Signer } from "../ports/signer.js";
import { deleteOldDeliveries } from "../webhooks/delete-old-deliveries.js";
import { remindOfDeletions } from "../webhooks/remind-of-deletions.js";
import { beginBackup } from "./begin-backup.js";
import { beginRestore } from "./begin-restore.js";
import { beginVerification } from "./begin-verification.js";
import { deleteOldEvents } from "./delete-old-events.js";
import { deleteOldIdempotencyRecords } from "./delete-old-idempotency-records.js";
import { finishBackup } from "./finish-backup.js";
import { finishRestore } from "./finish-restore.js";
import { finishVerification } from "./finish-verification.js";
import { heartbeat } from "./heartbeat.js";
import { probeDueAccounts } from "./probe-due-accounts.js";
import { rotate } from "./rotation/rotate.js";
import { supersede } from "./supersede.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

export const createWorkerUseCases = (
  ports: Pick<Ports, "store" | "clock" | "ids" | "keyService" | "vendorKeys" | "keyRecords" | "settings"> & {
    readonly signer: Signer;
  },
): WorkerUseCases => ({
  beginBackup: beginBackup(ports),
  beginRestore: beginRestore(ports),
  beginVerification: beginVerification(ports),
  heartbeat: heartbeat(ports),
  finishBackup: finishBackup(ports),
  finishRestore: finishRestore(ports),
  finishVerification: finishVerification(ports),
  supersede: supersede(ports),
  rotate: rotate(ports),
  probeDueAccounts: probeDueAccounts(ports),
  deleteOldIdempotencyRecords: deleteOldIdempotencyRecords(ports),
  deleteOldEvents: deleteOldEvents(ports),
  deleteOldDeliveries: deleteOldDeliveries(ports),
  remindOfDeletions: remindOfDeletions(ports),
});
