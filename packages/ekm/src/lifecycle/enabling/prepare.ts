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
import { refuseState } from "./refuse-state.js";

/** A wrap under the customer's key that has been opened there, and the check value of the key inside. */
export interface VerifiedWrap {
  readonly wrap: KeyWrap;
  readonly checkValue: string;
}

/** All that the switch needs from KMS: after this the switch itself is one transaction without a call. */
export interface Prepared {
  /** The generations that existed. Each has a verified wrap. */
  readonly generations: readonly KeyGeneration[];
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

export type PrepareFailure = Extract<PrepareOutcome, { kind: "failed" }>;

interface Target {
  readonly accountId: string;
  readonly keyArn: string;
  /** To `keyArn`. */
  readonly mover: Mover;
}

/**
 * Wraps every generation under the customer's key, and a new one besides; proves each; writes them as PENDING. Wraps that an
 * earlier or simultaneous attempt with the same key left are adopted once they have been opened, so a repeat costs one call
 * each and two attempts at once end up with the same new generation.
 */
export async function prepareSwitch(
  ports: Pick<Ports, "store" | "clock" | "ids"> & { keyService: KeyService },
  target: Target,
): Promise<PrepareOutcome> {
  const { store, keyService } = ports;
  const { accountId, keyArn } = target;
  const generations = await store.read.keys.generations(accountId);
  const stored = await store.read.keys.wraps(accountId);
  const pending = stored.filter((wrap) => wrap.keyArn === keyArn);

  const wraps: VerifiedWrap[] = [];
  const unreadable: { readonly generation: number; readonly failure: KmsFailure }[] = [];
  for (const generation of generations) {
    const verified = await wrapGeneration(ports, target, generation, stored);
    if (verified.ok) wraps.push(verified.value);
    else if (isOfOneGeneration(verified.error, keyArn)) unreadable.push({ ...generation, failure: verified.error });
    else return failed(verified.error);
  }
  const [first] = unreadable;
  // Nothing is left behind under the vendor's key. The others have been tried, so that all that are lost are named at once.
  if (first) return { ...failed(first.failure), generations: unreadable.map(({ generation }) => generation) };
  const next = (generations.at(-1)?.generation ?? 0) + 1;
  const fresh = await wrapNewGeneration(ports, target, next, pending);
  if (!fresh.ok) return failed(fresh.error);
  wraps.push(fresh.value);

  const canary = await makeCanary(ports, accountId, keyArn);
  if (!canary.ok) return failed(canary.error);
  const opened = await openCanary({ keyService }, canary.value);
  if (!opened.ok) return failed(opened.error);

  const obstacle = await replacePending(ports, target, pending, wraps);
  return obstacle ?? { kind: "prepared", prepared: { generations, wraps, canary: canary.value } };
}

const failed = (failure: KmsFailure) => ({ kind: "failed", failure, generations: [] }) as const;

/** A customer's key that does not give back what it was given does so for every generation. */
const isOfOneGeneration = ({ failureClass, keyArn }: KmsFailure, toArn: string): boolean =>
  failureClass === "data" && keyArn !== toArn;

async function wrapGeneration(
  ports: Pick<Ports, "clock" | "ids"> & { keyService: KeyService },
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
  ports: Pick<Ports, "clock" | "ids"> & { keyService: KeyService },
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
