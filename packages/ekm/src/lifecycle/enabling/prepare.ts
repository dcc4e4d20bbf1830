import { accountNotFound } from "../../access/authorize.js";
import { accountForWrite } from "../../accounts/write-account.js";
import type { Rejection } from "../../errors/outcome.js";
import { makeCanary } from "../../health/canary.js";
import { openCanary } from "../../health/open-canary.js";
import type { CanaryWrap, KeyGeneration, KeyWrap } from "../../keys/generation.js";
import type { Mover } from "../../keys/move-generation.js";
import { openWrap } from "../../keys/open-wrap.js";
import { wrapFreshKey } from "../../keys/wrap-fresh-key.js";
import type { KeyService, KmsFailure, KmsOutcome } from "../../ports/key-service.js";
import type { Ports } from "../../ports/ports.js";
import { type AcceptedLoss, secondLook } from "./accepted-loss.js";
import { refuseState } from "./refuse-state.js";

/** A wrap under the customer's key that has been opened there, and the check value of the key inside. */
export interface VerifiedWrap {
  readonly wrap: KeyWrap;
  readonly checkValue: string;
}

/** All that the switch needs from KMS: after this the switch itself is one transaction without a call. */
export interface Prepared {
  /** The generations that existed. Each has a verified wrap, but for those that are left. */
  readonly generations: readonly KeyGeneration[];
  /** Those that nothing opens and whose loss is accepted. They keep what they have under the vendor's key. */
  readonly left: readonly Unreadable[];
  /** In the order of generations; the last one is the new generation, which the vendor's key never protected. */
  readonly wraps: readonly VerifiedWrap[];
  readonly canary: CanaryWrap;
}

export type PrepareOutcome =
  | { readonly kind: "prepared"; readonly prepared: Prepared }
  /** Somebody else wrote wraps or generations meanwhile: begin again. */
  | { readonly kind: "stale" }
  /** The account is no longer waiting to be enabled. */
  | { readonly kind: "refused"; readonly rejections: readonly Rejection[] }
  /** `generations`: those that cannot be opened, where the failure is one of each alone. */
  | { readonly kind: "failed"; readonly failure: KmsFailure; readonly generations: readonly number[] };

/** A generation of which no copy opens, in the database or beside the backups, though its key answers for others. */
export interface Unreadable {
  readonly generation: number;
  readonly failure: KmsFailure;
}

export type PrepareFailure = Extract<PrepareOutcome, { kind: "failed" }>;

type WrapPorts = Pick<Ports, "clock" | "ids" | "keyService" | "keyRecords">;

interface Looked {
  readonly kind: "looked";
  /** In the order of generations. */
  readonly wraps: readonly VerifiedWrap[];
  readonly unreadable: readonly Unreadable[];
}

interface Target {
  readonly accountId: string;
  readonly keyArn: string;
  /** To `keyArn`. */
  readonly mover: Mover;
  /** The admin accepts the loss of what cannot be opened. Absent: nothing is left behind. */
  readonly loss?: AcceptedLoss;
}

/**
 * Wraps every generation under the customer's key, and a new one besides; proves each; writes them as PENDING. Wraps that an
 * earlier or simultaneous attempt with the same key left are adopted once they have been opened, so a repeat costs one call
 * each and two attempts at once end up with the same new generation. A generation that nothing opens stops it, unless its loss is
 * accepted.
 */
export async function prepareSwitch(ports: WrapPorts & Pick<Ports, "store">, target: Target): Promise<PrepareOutcome> {
  const { store, keyService } = ports;
  const { accountId, keyArn } = target;
  const generations = await store.read.keys.generations(accountId);
  const stored = await store.read.keys.wraps(accountId);
  const pending = stored.filter((wrap) => wrap.keyArn === keyArn);

  const looked = await wrapAll(ports, target, generations, stored);
  if (looked.kind === "failed") return looked;
  const { unreadable: left } = looked;
  const next = (generations.at(-1)?.generation ?? 0) + 1;
  const fresh = await wrapNewGeneration(ports, target, next, pending);
  if (!fresh.ok) return failed(fresh.error);
  const wraps = [...looked.wraps, fresh.value];

  const canary = await makeCanary(ports, accountId, keyArn);
  if (!canary.ok) return failed(canary.error);
  const opened = await openCanary({ keyService }, canary.value);
  if (!opened.ok) return failed(opened.error);

  const obstacle = await replacePending(ports, target, pending, wraps);
  return obstacle ?? { kind: "prepared", prepared: { generations, left, wraps, canary: canary.value } };
}

const failed = (failure: KmsFailure) => ({ kind: "failed", failure, generations: [] }) as const;

/** All are tried, so that all that are lost are named at once; where their loss is accepted, they are tried once more. */
async function wrapAll(
  ports: WrapPorts,
  target: Target,
  generations: readonly KeyGeneration[],
  stored: readonly KeyWrap[],
): Promise<Looked | PrepareFailure> {
  const first = await lookAt(ports, target, generations, stored);
  if (first.kind === "failed" || first.unreadable.length === 0) return first;
  if (target.loss === undefined) return nothingIsLeft(first.unreadable);
  const mover = await secondLook(ports, target.accountId, target.loss);
  if (!mover.ok) return failed(mover.error);
  const hopeless = new Set(first.unreadable.map(({ generation }) => generation));
  const again = generations.filter(({ generation }) => hopeless.has(generation));
  const second = await lookAt(ports, { ...target, mover: mover.value }, again, stored);
  if (second.kind === "failed") return second;
  const wraps = [...first.wraps, ...second.wraps].sort((a, b) => a.wrap.generation - b.wrap.generation);
  return { ...second, wraps };
}

function nothingIsLeft(unreadable: readonly Unreadable[]): PrepareFailure {
  const [first] = unreadable;
  if (first === undefined) throw new Error("nothing is unreadable");
  return { ...failed(first.failure), generations: unreadable.map(({ generation }) => generation) };
}

async function lookAt(
  ports: WrapPorts,
  target: Target,
  generations: readonly KeyGeneration[],
  stored: readonly KeyWrap[],
): Promise<Looked | PrepareFailure> {
  const wraps: VerifiedWrap[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of generations) {
    const verified = await wrapGeneration(ports, target, row, stored);
    if (verified.ok) wraps.push(verified.value);
    else if (isOfOneGeneration(verified.error, target.keyArn)) {
      unreadable.push({ generation: row.generation, failure: verified.error });
    } else return failed(verified.error);
  }
  return { kind: "looked", wraps, unreadable };
}

/** A customer's key that does not give back what it was given does so for every generation. */
const isOfOneGeneration = ({ failureClass, keyArn }: KmsFailure, toArn: string): boolean =>
  failureClass === "data" && keyArn !== toArn;

async function wrapGeneration(
  ports: WrapPorts,
  target: Target,
  row: KeyGeneration,
  stored: readonly KeyWrap[],
): Promise<KmsOutcome<VerifiedWrap>> {
  const { generation, checkValue } = row;
  const own = stored.filter((wrap) => wrap.generation === generation);
  const pending = own.find((wrap) => wrap.keyArn === target.keyArn);
  if (pending) {
    const opened = await openWrap(ports.keyService, pending, checkValue);
    if (opened.ok) {
      opened.value.destroy();
      return { ok: true, value: { wrap: pending, checkValue } };
    }
    if (opened.error.failureClass !== "data") return opened;
  }
  const current = own.find((wrap) => wrap.state === "CURRENT");
  const moved = await target.mover.move(row, current);
  if (!moved.ok) return moved;
  return { ok: true, value: { wrap: pendingWrap(ports, target, generation, moved.value.ciphertext), checkValue } };
}

async function wrapNewGeneration(
  ports: WrapPorts,
  target: Target,
  generation: number,
  pending: readonly KeyWrap[],
): Promise<KmsOutcome<VerifiedWrap>> {
  const { keyService } = ports;
  const earlier = pending.find((wrap) => wrap.generation === generation);
  if (earlier) {
    const adopted = await adopt(keyService, earlier);
    if (adopted.ok || adopted.error.failureClass !== "data") return adopted;
  }

  const fresh = await wrapFreshKey(keyService, { accountId: target.accountId, generation, keyArn: target.keyArn });
  if (!fresh.ok) return fresh;
  const { ciphertext, checkValue } = fresh.value;
  return { ok: true, value: { wrap: pendingWrap(ports, target, generation, ciphertext), checkValue } };
}

/** Nothing tells yet which key it should be: opened twice, so that no single wrong answer is taken for it. */
async function adopt(keyService: KeyService, wrap: KeyWrap): Promise<KmsOutcome<VerifiedWrap>> {
  const opened = await openWrap(keyService, wrap);
  if (!opened.ok) return opened;
  const checkValue = opened.value.checkValue();
  opened.value.destroy();
  const again = await openWrap(keyService, wrap, checkValue);
  if (!again.ok) return again;
  again.value.destroy();
  return { ok: true, value: { wrap, checkValue } };
}

const pendingWrap = (
  { clock, ids }: Pick<Ports, "clock" | "ids">,
  { accountId, keyArn }: Target,
  generation: number,
  ciphertext: Uint8Array,
): KeyWrap => ({ id: ids.next("wrp"), accountId, generation, keyArn, ciphertext, state: "PENDING", createdAt: clock.now() });

/** Writes `wraps` in place of the PENDING wraps that were read; nothing if others were written since, or the account has moved on. */
function replacePending(
  { store, clock }: Pick<Ports, "store" | "clock">,
  { accountId, keyArn }: Target,
  read: readonly KeyWrap[],
  wraps: readonly VerifiedWrap[],
): Promise<Exclude<PrepareOutcome, { kind: "prepared" | "failed" }> | null> {
  return store.transaction(async (tx) => {
    const account = await accountForWrite(tx, accountId, clock.now());
    const rejections = account ? refuseState(account) : accountNotFound();
    if (rejections) return { kind: "refused", rejections };
    const now = (await tx.keys.wraps(accountId)).filter((wrap) => wrap.keyArn === keyArn);
    if (!sameWraps(now, read)) return { kind: "stale" };
    await tx.keys.deleteWraps(accountId, keyArn, "PENDING");
    for (const { wrap } of wraps) await tx.keys.insertWrap(wrap);
    return null;
  });
}

export const sameWraps = (some: readonly KeyWrap[], others: readonly KeyWrap[]): boolean =>
  some.length === others.length &&
  some.every((wrap) => others.some((other) => other.id === wrap.id && other.state === wrap.state));
