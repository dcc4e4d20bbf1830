import { z } from "zod";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";
import { expectAccount } from "./account.js";
import { expectAudit } from "./audit.js";
import { expectAuditChain } from "./audit-chain.js";
import { expectBackup } from "./backup.js";
import { expectDuration } from "./duration.js";
import { expectHealth } from "./health.js";
import { expectIdentical } from "./identical.js";
import { expectInvisible } from "./invisible.js";
import { expectJob } from "./job.js";
import { expectNothingRestored } from "./nothing-restored.js";
import { expectPlaintext } from "./plaintext.js";
import { expectRotation } from "./rotation.js";
import { expectUnaffected } from "./unaffected.js";

/** What a step of its own can expect, besides what a `do` expects of its act. */
export const EXPECTATIONS: readonly Operation<object, StepOutcome>[] = [
  expectJob,
  expectHealth,
  expectAccount,
  expectBackup,
  expectRotation,
  expectPlaintext,
  expectNothingRestored,
  expectAudit,
  expectAuditChain,
  expectUnaffected,
  expectDuration,
  expectIdentical,
  expectInvisible,
];

export const expectation = z.union(EXPECTATIONS.map(({ schema }) => schema));
