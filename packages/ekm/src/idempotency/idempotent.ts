import { accountNotFound, permit, type Refusal, reaches } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Operation } from "../access/roles.js";
import { ERROR_CATALOG, rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import { StoreError } from "../ports/store.js";
import type { KeyCheck } from "../preflight/key-check.js";
import { noteLooks } from "../queries/looks.js";
import type { CheckedOutcome, Mutation } from "../use-cases.js";
import { bodyHash } from "./body-hash.js";
import { type Claim, ClaimLost, HeldClaim, NO_CLAIM } from "./claim.js";
import type { Entity } from "./entity.js";
import { idempotencyKey } from "./idempotency-key.js";
import { CLAIM_MS, type IdempotencyRecord, type IdempotencyResult } from "./record.js";

type Result<T> = Outcome<T, Refusal> & { readonly checks?: readonly KeyCheck[] };
type Input<I> = I & { idempotencyKey?: string };
type Work<I, T> = (caller: Caller, input: Input<I>, claim: Claim<T>) => Promise<Result<T>>;

const RETRY_AFTER_MS = 500;

/**
 * Makes a mutation answer the first result again when it is repeated with the same idempotency key and body. To use it, wrap
 * the use case's function and have the transaction of its effect end with `await claim.complete(tx, value)`:
 *
 *     export function startBackup(ports): UseCases["startBackup"] {
 *       const { store } = ports;
 *       return idempotent(ports, "startBackup", rowEntity(store.read.backups), async (caller, input, claim) => {
 *         // scope, checks, calls to KMS: as without a key
 *         return store.transaction(async (tx) => {
 *           // the effect
 *           await claim.complete(tx, backup);
 *           return ok(backup);
 *         });
 *       });
 *     }
 *
 * - The claim is written before the work begins, in a transaction of its own. An equal request meanwhile is answered
 *   REQUEST_IN_PROGRESS; a claim older than CLAIM_MS is taken for that of a dead process and taken over.
 * - A success must have called `claim.complete`, also where it changed nothing; one that did not is a bug and throws.
 * - A rejection that a retry may turn is not kept: the same key may be tried again. Any other is kept and answered again.
 * - A replay asks for the caller's rights anew and shows the entity as it is now.
 * - Without a key nothing of this happens.
 */
export const idempotent =
  <I extends object, T>(
    ports: Pick<Ports, "store" | "clock">,
    operation: Operation,
    entity: Entity<T>,
    work: Work<I, T>,
  ): Mutation<I, T> =>
  async (caller, input) => {
    const { checks: _, ...outcome } = await run(ports, { operation, entity, caller, input, work });
    return outcome;
  };

/** The same for a mutation that shows a key's checks: they are kept with the result. Pass them to `claim.complete` too. */
export const idempotentWithChecks =
  <I extends object, T>(
    ports: Pick<Ports, "store" | "clock">,
    operation: Operation,
    entity: Entity<T>,
    work: Work<I, T>,
  ): ((caller: Caller, input: Input<I>) => Promise<CheckedOutcome<T>>) =>
  async (caller, input) => {
    const outcome = await run(ports, { operation, entity, caller, input, work });
    return { ...outcome, checks: outcome.checks ?? [] };
  };

interface Request<I, T> {
  readonly operation: Operation;
  readonly entity: Entity<T>;
  readonly caller: Caller;
  readonly input: Input<I>;
  readonly work: Work<I, T>;
}

async function run<I extends object, T>(ports: Pick<Ports, "store" | "clock">, request: Request<I, T>): Promise<Result<T>> {
  const { operation, entity, caller, input, work } = request;
  if (input.idempotencyKey === undefined) return work(caller, input, NO_CLAIM);
  const permitted = permit(caller, operation);
  if (!permitted.ok) return permitted;
  const key = idempotencyKey(input.idempotencyKey);
  if (!key.ok) return key;

  const record: IdempotencyRecord = {
    scope: caller.accountId ?? `support:${caller.subject}`,
    operation,
    key: key.value,
    bodyHash: bodyHash(input),
    claimedAt: ports.clock.now(),
  };
  const answer = await claimOrAnswer(ports, record);
  if (answer !== null) return answer.kind === "replay" ? replay(ports, request, answer.result) : answer.refusal;
  return carryOut(ports, record, request, new HeldClaim(record, entity.idOf));
}

type Answer =
  | { readonly kind: "replay"; readonly result: IdempotencyResult }
  | { readonly kind: "refuse"; readonly refusal: Outcome<never, Refusal> };

/** Null: the claim is ours. */
async function claimOrAnswer({ store }: Pick<Ports, "store">, record: IdempotencyRecord): Promise<Answer | null> {
  const { scope, operation, key, claimedAt } = record;
  const voidBefore = new Date(claimedAt.getTime() - CLAIM_MS);
  // Repeats are common and cost no writer's turn.
  const known = await store.read.idempotency.find(scope, operation, key);
  const answer = known && answerTo(record, known, voidBefore);
  if (answer !== null) return answer;
  return store.transaction(async (tx) => {
    const current = await tx.idempotency.find(scope, operation, key);
    const late = current && answerTo(record, current, voidBefore);
    if (late !== null) return late;
    return (await tx.idempotency.claim(record, voidBefore)) ? null : inProgress();
  });
}

/** Null: the record is a dead claim of an equal request. */
function answerTo(asked: IdempotencyRecord, known: IdempotencyRecord, voidBefore: Date): Answer | null {
  if (known.bodyHash !== asked.bodyHash) {
    const field = ["input", "idempotencyKey"];
    return { kind: "refuse", refusal: fail([rejection("IDEMPOTENCY_KEY_REUSED", undefined, field)]) };
  }
  if (known.result !== undefined) return { kind: "replay", result: known.result };
  return known.claimedAt < voidBefore ? null : inProgress();
}

const inProgress = (): Answer => ({
  kind: "refuse",
  refusal: fail([{ ...rejection("REQUEST_IN_PROGRESS"), retryAfterMs: RETRY_AFTER_MS }]),
});

async function replay<I, T>(
  ports: Pick<Ports, "store" | "clock">,
  { operation, entity, caller }: Request<I, T>,
  result: IdempotencyResult,
): Promise<Result<T>> {
  const checks = result.checks === undefined ? {} : { checks: result.checks };
  if (!result.ok) return { ...fail(result.rejections), ...checks };
  const value = await entity.find(result.entityId);
  if (value === null || !reaches(caller, operation, entity.accountIdOf(value))) return fail(accountNotFound());
  // The first request has its own entry in the audit log; to be shown the account once more is a look at it.
  await noteLooks(ports)(caller, [entity.accountIdOf(value)]);
  return { ...ok(value), ...checks };
}

async function carryOut<I, T>(
  { store }: Pick<Ports, "store">,
  record: IdempotencyRecord,
  { operation, caller, input, work }: Request<I, T>,
  claim: HeldClaim<T>,
): Promise<Result<T>> {
  const release = () => store.transaction((tx) => tx.idempotency.release(record));
  let outcome: Result<T>;
  try {
    outcome = await work(caller, input, claim);
  } catch (error) {
    // A claim that was completed is not released by this; one that cannot be released now is void in a minute.
    await release().catch(ignoreStoreError);
    if (error instanceof ClaimLost) return fail([{ ...rejection("REQUEST_IN_PROGRESS"), retryAfterMs: RETRY_AFTER_MS }]);
    throw error;
  }
  if (outcome.ok) {
    if (!claim.settled) throw new Error(`${operation} succeeded without completing its claim`);
    return outcome;
  }
  const { error, checks } = outcome;
  if ("denied" in error || error.some(({ code }) => ERROR_CATALOG[code].retryable)) await release();
  else {
    const result: IdempotencyResult = { ok: false, rejections: error, ...(checks === undefined ? {} : { checks }) };
    await store.transaction((tx) => tx.idempotency.complete(record, result));
  }
  return outcome;
}

function ignoreStoreError(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
