import type { ErrorCode } from "../errors/codes.js";

/** From the gravest to none: an account in several is shown in the first, and its text tells of all. */
export const DIAGNOSIS_STATES = [
  "KEY_PENDING_DELETION",
  "KEYS_LOCKED",
  "KEY_UNUSABLE",
  "ROTATION_FAILED",
  "ROTATION_PAUSED",
  "KEY_DEGRADED",
  "JOBS_FAILING",
  "JOBS_TO_REPEAT",
  "BACKUPS_LEFT_BEHIND",
  "KEY_UNKNOWN",
  "ACTIVATION_LAPSED",
  "ACTIVATION_UNUSED",
  "NOT_ACTIVATED",
  "WELL",
] as const;
export type DiagnosisState = (typeof DIAGNOSIS_STATES)[number];

/** Something that was seen to be wrong. */
export interface DiagnosisCause {
  readonly code: ErrorCode;
  readonly meaning: string;
  /** Where AWS does not tell causes apart: all that are possible. */
  readonly possibleCauses: readonly string[];
  readonly keyArn?: string;
  /** The generation of the account's key that a rotation could not open. */
  readonly generation?: number;
  readonly awsErrorName?: string;
  readonly awsRequestId?: string;
  readonly seenAt: Date;
}

/** One thing to do, in words, and the command that does it where there is one. */
export interface CustomerStep {
  readonly text: string;
  /** For the AWS CLI with the credentials of the customer's own AWS account. */
  readonly awsCli?: string;
}

/** Jobs that failed lately for the same reason. */
export interface FailedJobs {
  readonly code: ErrorCode;
  readonly backups: number;
  readonly restores: number;
  readonly lastFailedAt: Date;
}

/** One thing that is the matter with an account, or that nothing is. */
export interface Finding {
  readonly state: DiagnosisState;
  /** One or two sentences. */
  readonly summary: string;
  readonly since?: Date;
  readonly causes: readonly DiagnosisCause[];
  readonly customerSteps: readonly CustomerStep[];
  readonly supportSteps: readonly string[];
  /** What happens by itself afterwards, and what does not. */
  readonly promise: string;
}

/** Why an account's backups and restores fail, and what to do: made of what is stored, without asking AWS. */
export interface Diagnosis {
  /** Of the gravest finding, as are summary, since and promise. */
  readonly state: DiagnosisState;
  readonly summary: string;
  readonly since?: Date;
  readonly promise: string;
  readonly causes: readonly DiagnosisCause[];
  readonly customerSteps: readonly CustomerStep[];
  readonly supportSteps: readonly string[];
  /** Most frequent first. */
  readonly failedJobs: readonly FailedJobs[];
  /** Succeeded backups that cannot be restored while this lasts. */
  readonly backupsAtRisk: bigint;
  /** When AWS deletes the key, if that is known. */
  readonly deletionDate?: Date;
  /** Plain text of at most {@link MAX_TICKET_LENGTH} characters: no secret, no name of a file, no location. */
  readonly ticketText: string;
}

export const MAX_TICKET_LENGTH = 8_000;
