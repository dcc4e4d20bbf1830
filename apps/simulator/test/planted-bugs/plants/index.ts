import type { Plant } from "../plant.js";
import { accountNotInContext } from "./account-not-in-context.js";
import { anybodyActivates } from "./anybody-activates.js";
import { causeSwallowed } from "./cause-swallowed.js";
import { coincidenceNotSeen } from "./coincidence-not-seen.js";
import { damagedObjectSkipped } from "./damaged-object-skipped.js";
import { deadWorkerKeepsItsJob } from "./dead-worker-keeps-its-job.js";
import { denialBlamedOnOurselves } from "./denial-blamed-on-ourselves.js";
import { foreignContextNotProbed } from "./foreign-context-not-probed.js";
import { healthByDescription } from "./health-by-description.js";
import { healthNeverRecovers } from "./health-never-recovers.js";
import { healthNotTold } from "./health-not-told.js";
import { leaseSlidesOnUse } from "./lease-slides-on-use.js";
import { listenerResumesAtThePresent } from "./listener-resumes-at-the-present.js";
import { lockUnseenByWorker } from "./lock-unseen-by-worker.js";
import { lossAcceptedUnderAnyName } from "./loss-accepted-under-any-name.js";
import { lossNotAskedFor } from "./loss-not-asked-for.js";
import { newKeyRefusalFailsRotation } from "./new-key-refusal-fails-rotation.js";
import { oneLaneForAllKeys } from "./one-lane-for-all-keys.js";
import { ownSuspensionBlamedOnCustomer } from "./own-suspension-blamed-on-customer.js";
import { partialRestorePublished } from "./partial-restore-published.js";
import { pausedForEver } from "./paused-for-ever.js";
import { refusalIgnoredByHolder } from "./refusal-ignored-by-holder.js";
import { refusalRemembered } from "./refusal-remembered.js";
import { refusalTakenForAccident } from "./refusal-taken-for-accident.js";
import { restoreSkipsAFile } from "./restore-skips-a-file.js";
import { rotationRefusedAtOnce } from "./rotation-refused-at-once.js";
import { staleEpochTrusted } from "./stale-epoch-trusted.js";
import { strayRefusalBelieved } from "./stray-refusal-believed.js";
import { switchWithoutTheWraps } from "./switch-without-the-wraps.js";
import { takenKeyAccepted } from "./taken-key-accepted.js";
import { verificationNotesNoDamage } from "./verification-notes-no-damage.js";
import { wrongKeyNotNoticed } from "./wrong-key-not-noticed.js";

export const PLANTS: readonly Plant[] = [
  accountNotInContext,
  anybodyActivates,
  causeSwallowed,
  coincidenceNotSeen,
  damagedObjectSkipped,
  deadWorkerKeepsItsJob,
  denialBlamedOnOurselves,
  foreignContextNotProbed,
  healthByDescription,
  healthNeverRecovers,
  healthNotTold,
  leaseSlidesOnUse,
  listenerResumesAtThePresent,
  lockUnseenByWorker,
  lossAcceptedUnderAnyName,
  lossNotAskedFor,
  newKeyRefusalFailsRotation,
  oneLaneForAllKeys,
  ownSuspensionBlamedOnCustomer,
  partialRestorePublished,
  pausedForEver,
  refusalIgnoredByHolder,
  refusalRemembered,
  refusalTakenForAccident,
  restoreSkipsAFile,
  rotationRefusedAtOnce,
  staleEpochTrusted,
  strayRefusalBelieved,
  switchWithoutTheWraps,
  takenKeyAccepted,
  verificationNotesNoDamage,
  wrongKeyNotNoticed,
];
