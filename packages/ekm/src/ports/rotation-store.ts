import type { Job } from "../jobs/job.js";
import type { GenerationFailure, KeyRotation } from "../rotation/rotation.js";
import type { Page, PageRequest } from "./store.js";

export interface RotationRepository {
  byId(id: string): Promise<KeyRotation | null>;
  insert(rotation: KeyRotation): Promise<void>;
  /** A use case's write (pause, resume, cancel): all fields, if the stored status is still `expected`. False: it changed meanwhile. */
  save(rotation: KeyRotation, expected: KeyRotation["status"]): Promise<boolean>;
  /** The worker's write: all fields, if `job` still holds its fence and the stored status is still `expected`. */
  saveFenced(rotation: KeyRotation, expected: KeyRotation["status"], job: Job): Promise<boolean>;
  /** Newest first. */
  page(accountId: string, request: PageRequest): Promise<Page<KeyRotation>>;
  count(accountId: string): Promise<bigint>;
  /** Replaces the failure of that generation. */
  putFailure(failure: GenerationFailure): Promise<void>;
  /** Ascending by generation. */
  failures(rotationId: string): Promise<readonly GenerationFailure[]>;
  deleteFailures(rotationId: string): Promise<void>;
}
