import { z } from "zod";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";
import { expectAccount } from "./account.js";
import { expectAudit } from "./audit.js";
import { expectAuditChain } from "./audit-chain.js";
import { expectBackup } from "./backup.js";
import { expectDuration } from "./duration.js";
import { expectEvent } from "./event.js";
import { expectHealth } from "./health.js";
import { expectIdentical } from "./identical.js";
import { expectInvisible } from "./invisible.js";
import { expectJob } from "./job.js";
import { expectNothingRestored } from "./nothing-restored.js";
import { expectPlaintext } from "./plaintext.js";
import { expectRotation } from "./rotation.js";
import { expectSameEvents } from "./same-events.js";
import { expectUnaffected } from "./unaffected.js";

/** What a step of its own can expect, besides what a `do` expects of its act. `event` stands before `health`, which is a field of it. */
export const EXPECTATIONS: readonly Operation<object, StepOutcome>[] = [
  expectEvent,
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
  expectSameEvents,
];

export const expectation = z.union(EXPECTATIONS.map(({ schema }) => schema));
