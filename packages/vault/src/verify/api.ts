import type { RestoreRequest, VaultOutcome, VaultPorts } from "../api.js";
import type { JobControl } from "../ports/job-control.js";

export interface VerificationRequest extends Pick<RestoreRequest, "accountId" | "backupId" | "generation" | "manifest"> {
  /** 1-100: the share of the backup's objects that is opened, rounded up. */
  readonly samplePercent: number;
  /** Picks the sample: the same seed picks the same objects of a backup, another one others. */
  readonly seed: string;
}

export interface VerifiedBackup {
  readonly objectsVerified: bigint;
  /** Of plaintext. */
  readonly bytesVerified: bigint;
}

/** Opens the manifest and a sample of the objects and checks every digest; writes nothing. Faults as a restore's. */
export type RunVerification = <F>(
  ports: VaultPorts<F>,
  request: VerificationRequest,
  control: JobControl,
) => Promise<VaultOutcome<VerifiedBackup, F>>;
