import { problem } from "../../errors/catalog.js";
import { problemOf } from "../../errors/problem-of.js";
import type { Job } from "../../jobs/job.js";
import { withdrawRecord } from "../../keyring/withdraw-record.js";
import type { KeyGeneration, KeyWrap } from "../../keys/generation.js";
import { wrapFreshKey } from "../../keys/wrap-fresh-key.js";
import { isStorageFault } from "../../ports/key-records.js";
import type { KmsFailure, KmsOutcome } from "../../ports/key-service.js";
import { proveNewKey } from "../../rotation/probe-key.js";
import type { KeyRotation } from "../../rotation/rotation.js";
import { pauseByKey, tryLater } from "./obstacle.js";
import type { PhaseEnd, RotationPorts } from "./rotation-ports.js";
import type { Unmoved } from "./settle-failures.js";
import { type FreshGeneration, switchKey } from "./switch-key.js";

interface ToSwitch {
  readonly generations: readonly KeyGeneration[];
  /** What stays under its key, for this rotation or an earlier one accepted its loss. */
  readonly left: readonly Unmoved[];
}

/** All that the switch still needs of KMS: a canary, and a generation that only the new key has ever protected where some are lost. */
export async function prepareSwitch(
  ports: RotationPorts,
  job: Job,
  rotation: KeyRotation,
  { generations, left }: ToSwitch,
): Promise<PhaseEnd> {
  const { accountId, toArn } = rotation;
  if ((await ports.store.read.accounts.byId(accountId))?.keyLock) return pauseByKey(ports, job, problem("KEYS_LOCKED"));
  const canary = await proveNewKey(ports, accountId, toArn);
  if (!canary.ok) return newKeyFailed(ports, job, canary.error);

  let fresh: FreshGeneration | undefined;
  if (left.some(({ verdict }) => verdict === "unreadable")) {
    const made = await freshGeneration(ports, rotation, (generations.at(-1)?.generation ?? 0) + 1);
    if (!made.ok) return newKeyFailed(ports, job, made.error);
    fresh = made.value;
    try {
      await ports.keyRecords.put(fresh.wrap, fresh.checkValue);
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      return tryLater(ports, job, problem("STORAGE_UNAVAILABLE"));
    }
  }
  const prepared = { canary: canary.value, left: left.map(({ generation }) => generation) };
  if (fresh === undefined) return switchKey(ports, job, prepared);
  const { wrap, checkValue } = fresh;
  const end = await switchKey(ports, job, { ...prepared, fresh });
  const isBorn = (await ports.store.read.keys.wraps(accountId)).some(({ id }) => id === wrap.id);
  if (!isBorn) await withdrawRecord(ports, wrap, checkValue);
  return end;
}

const newKeyFailed = (ports: RotationPorts, job: Job, failure: KmsFailure): Promise<PhaseEnd> =>
  failure.failureClass === "refusal" ? pauseByKey(ports, job, problemOf(failure)) : tryLater(ports, job, problemOf(failure));

/** A new account key, wrapped under the new key and opened there. It begins to exist with the switch. */
async function freshGeneration(
  { keyService, clock, ids }: RotationPorts,
  { id: rotationId, accountId, toArn: keyArn }: KeyRotation,
  generation: number,
): Promise<KmsOutcome<FreshGeneration>> {
  const fresh = await wrapFreshKey(keyService, { accountId, generation, keyArn });
  if (!fresh.ok) return fresh;
  const { ciphertext, checkValue } = fresh.value;
  const wrap: KeyWrap = {
    id: ids.next("wrp"),
    accountId,
    generation,
    keyArn,
    ciphertext,
    state: "CURRENT",
    rotationId,
    createdAt: clock.now(),
  };
  return { ok: true, value: { wrap, checkValue } };
}
