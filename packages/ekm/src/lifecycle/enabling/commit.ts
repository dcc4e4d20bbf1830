import { accountNotFound } from "../../access/authorize.js";
import type { Account, TermsAcceptance } from "../../accounts/account.js";
import { accountForWrite, saveAccount } from "../../accounts/write-account.js";
import { problem, rejection } from "../../errors/catalog.js";
import { ERROR_CODES } from "../../errors/codes.js";
import type { Rejection } from "../../errors/outcome.js";
import { nextHealth } from "../../health/next-health.js";
import type { Claim } from "../../idempotency/claim.js";
import type { KeyWrap } from "../../keys/generation.js";
import type { Ports } from "../../ports/ports.js";
import type { Repositories } from "../../ports/store.js";
import type { Preflight } from "../../preflight/run-preflight.js";
import { type Prepared, sameWraps } from "./prepare.js";
import { refuseState } from "./refuse-state.js";

export interface SwitchRequest {
  readonly accountId: string;
  readonly keyArn: string;
  readonly preflight: Preflight;
  readonly prepared: Prepared;
  readonly acceptance: Omit<TermsAcceptance, "acceptedAt">;
  readonly awsRequestIds: readonly string[];
  readonly claim: Claim<{ account: Account }>;
}

export type SwitchOutcome =
  | { readonly kind: "enabled"; readonly account: Account }
  /** Generations or wraps changed since they were prepared: begin again. */
  | { readonly kind: "stale" }
  | { readonly kind: "refused"; readonly rejections: readonly Rejection[] };

/** The point of no return: one transaction, no call. Either all of it is there afterwards, or none. */
export function commitSwitch(
  { store, clock, ids }: Pick<Ports, "store" | "clock" | "ids">,
  request: SwitchRequest,
): Promise<SwitchOutcome> {
  return store.transaction(async (tx) => {
    const now = clock.now();
    const account = await accountForWrite(tx, request.accountId, now);
    if (!account) return { kind: "refused", rejections: accountNotFound() };
    const rejections = refuseState(account) ?? (await refuseTaken(tx, request));
    if (rejections) return { kind: "refused", rejections };
    if (account.ekm.status !== "ACTIVATED") throw new Error("only an activated account can be enabled");
    if (!(await isAsPrepared(tx, request))) return { kind: "stale" };

    const { keyArn, acceptance, preflight } = request;
    await switchKeys(tx, request, now);
    const warnings = lastingWarnings(preflight);
    const multiRegion = preflight.checks.some((check) => check.check === "MULTI_REGION" && check.verdict === "WARN");
    const saved = await saveAccount(tx, {
      ...account,
      ekm: {
        status: "ENABLED",
        activation: account.ekm.activation,
        acceptance: { ...acceptance, acceptedAt: now },
        key: { arn: keyArn, multiRegion, enabledAt: now, warnings },
      },
      keyEpoch: account.keyEpoch + 1,
    });
    const health = nextHealth(
      null,
      { kind: "usable" },
      { accountId: account.id, keyArn, warnings: warnings.map((code) => problem(code, { keyArn })) },
      now,
    );
    await tx.health.put({ ...health, id: ids.next("hlt") });
    await auditSwitch(tx, request, now);
    await tx.jobs.enqueue({ id: ids.next("job"), kind: "SUPERSEDE", accountId: account.id, subjectId: account.id, at: now });
    await request.claim.complete(tx, { account: saved }, preflight.checks);
    return { kind: "enabled", account: saved };
  });
}

/** Decided again here: two accounts may be enabling with one key at the same time. */
async function refuseTaken(
  tx: Repositories,
  { keyArn, accountId, preflight }: SwitchRequest,
): Promise<readonly Rejection[] | null> {
  if (preflight.contextBound) return null;
  const others = await tx.accounts.usingKey(keyArn, accountId);
  return others.length > 0 ? [rejection("KEY_TAKEN", undefined, ["input", "keyArn"])] : null;
}

async function isAsPrepared(tx: Repositories, { accountId, keyArn, prepared }: SwitchRequest): Promise<boolean> {
  const generations = await tx.keys.generations(accountId);
  const sameGenerations =
    generations.length === prepared.generations.length &&
    generations.every((generation, at) => {
      const before = prepared.generations[at];
      return before?.generation === generation.generation && before.checkValue === generation.checkValue;
    });
  const pending = (await tx.keys.wraps(accountId)).filter((wrap) => wrap.keyArn === keyArn);
  return (
    sameGenerations &&
    sameWraps(
      pending,
      prepared.wraps.map(({ wrap }) => wrap),
    )
  );
}

/**
 * Every other wrap goes, the vendor's and those of abandoned attempts; old generations close; the new one begins. What is left keeps
 * its wrap, which opens to nothing now.
 */
async function switchKeys(tx: Repositories, { accountId, keyArn, prepared }: SwitchRequest, now: Date): Promise<void> {
  const left = new Set(prepared.left.map(({ generation }) => generation));
  const stays = (wrap: KeyWrap) => wrap.keyArn === keyArn || (wrap.state === "CURRENT" && left.has(wrap.generation));
  const wraps = await tx.keys.wraps(accountId);
  const withStaying = new Set(wraps.filter(stays).map((wrap) => wrap.keyArn));
  const superseded = wraps.filter((wrap) => !stays(wrap));
  for (const arn of new Set(superseded.map((wrap) => wrap.keyArn))) {
    if (!withStaying.has(arn)) await tx.keys.deleteWraps(accountId, arn);
  }
  for (const wrap of superseded) {
    if (withStaying.has(wrap.keyArn)) await tx.keys.deleteWrap(accountId, wrap.generation, wrap.keyArn);
  }
  for (const { generation, failure } of prepared.left) await tx.keys.leaveGeneration(accountId, generation, failure.code);
  await tx.keys.promoteWraps(accountId, keyArn);
  for (const { generation, closedAt } of prepared.generations) {
    if (closedAt === undefined) await tx.keys.closeGeneration(accountId, generation, now);
  }
  const fresh = prepared.wraps.at(-1);
  if (!fresh) throw new Error("nothing was prepared");
  const { wrap, checkValue } = fresh;
  await tx.keys.insertGeneration({ accountId, generation: wrap.generation, checkValue, createdAt: now, reservedWraps: 0 });
  await tx.keys.putCanary(prepared.canary);
}

async function auditSwitch(tx: Repositories, request: SwitchRequest, now: Date): Promise<void> {
  const { accountId, keyArn, acceptance, prepared, awsRequestIds } = request;
  const by = { actor: acceptance.acceptedBy, outcome: "DONE" } as const;
  const moved = prepared.generations.length - prepared.left.length;
  await tx.audit.append(accountId, now, {
    ...by,
    action: "TERMS_ACCEPTED",
    subject: acceptance.version,
    detail: `Version ${acceptance.version} of the legal terms was accepted (SHA-256 ${acceptance.sha256}).`,
    awsRequestIds: [],
  });
  await tx.audit.append(accountId, now, {
    ...by,
    action: "EKM_ENABLED",
    subject: keyArn,
    detail: `Enterprise Key Management was enabled; ${moved} earlier generation(s) are now under the customer's key${leftBehind(prepared)}.`,
    awsRequestIds,
  });
}

/** All of them: this entry is where the loss stays on record. */
function leftBehind({ left }: Prepared): string {
  if (left.length === 0) return "";
  const names = left.map(({ generation, failure }) => `${generation} (${failure.code})`).join(", ");
  return `; the loss of ${left.length} generation(s) that nothing opens was accepted: ${names}`;
}

/** What the account keeps saying of its key. How ReEncrypt or a probe failed is not among it. */
const LASTING_WARNINGS = ["KEY_POLICY_TOO_WIDE", "KEY_TAKEN"];

export const lastingWarnings = ({ checks }: Preflight) => {
  const codes = checks.filter((check) => check.verdict === "WARN").map((check) => check.code);
  return ERROR_CODES.filter((code) => LASTING_WARNINGS.includes(code) && codes.includes(code));
};
