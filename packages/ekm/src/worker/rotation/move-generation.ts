import { problem } from "../../errors/catalog.js";
import { accountKeyContext, type KeyGeneration, type KeyWrap } from "../../keys/generation.js";
import { openWrap } from "../../keys/open-wrap.js";
import { wrapKey } from "../../keys/wrap-key.js";
import type { KeyService, KmsFailure, KmsOutcome } from "../../ports/key-service.js";

export type Way = "ReEncrypt" | "Decrypt and Encrypt";
export interface Moved {
  readonly ciphertext: Uint8Array;
  readonly way: Way;
}

/** Moves generations to one new key. It remembers for the run what it learnt of the keys, so as not to ask it again. */
export interface Mover {
  /**
   * The generation's key under the new key, proved by opening it there and comparing the check value: two calls by ReEncrypt,
   * otherwise (another Region, or a side forbids it) three. A failure names the key that gave it in `keyArn`.
   */
  move(generation: KeyGeneration, from: KeyWrap): Promise<KmsOutcome<Moved>>;
}

export function createMover(keyService: KeyService, toArn: string): Mover {
  const withoutReEncrypt = new Set<string>();
  /** Former keys that refused in this run: each generation would be refused alike. The next run asks anew. */
  const refusing = new Map<string, KmsFailure>();

  async function reEncrypted(from: KeyWrap, checkValue: string): Promise<KmsOutcome<Moved> | null> {
    if (withoutReEncrypt.has(from.keyArn)) return null;
    const context = accountKeyContext(from.accountId, from.generation);
    const { keyArn: fromKeyArn, ciphertext } = from;
    const sides = { fromKeyArn, toKeyArn: toArn, fromContext: context, toContext: context };
    const moved = await keyService.reEncrypt({ ...sides, ciphertext });
    if (!moved.ok) return passes(moved.error) ? moved : null;
    const proof = await proved(keyService, { ...from, keyArn: toArn, ciphertext: moved.value.ciphertext }, checkValue);
    if (proof !== null) return proof.failureClass === "data" ? null : { ok: false, error: proof };
    return { ok: true, value: { ciphertext: moved.value.ciphertext, way: "ReEncrypt" } };
  }

  async function throughMemory(from: KeyWrap, checkValue: string): Promise<KmsOutcome<Moved>> {
    const opened = await openWrap(keyService, from, checkValue);
    if (!opened.ok) return named(opened.error, from.keyArn);
    const wrapped = await wrapKey(keyService, opened.value, { ...from, keyArn: toArn });
    opened.value.destroy();
    if (!wrapped.ok) return named(wrapped.error, toArn);
    const { ciphertext } = wrapped.value;
    const proof = await proved(keyService, { ...from, keyArn: toArn, ciphertext }, checkValue);
    return proof === null ? { ok: true, value: { ciphertext, way: "Decrypt and Encrypt" } } : { ok: false, error: proof };
  }

  return {
    async move({ checkValue }, from) {
      const known = refusing.get(from.keyArn);
      if (known !== undefined) return { ok: false, error: known };
      const direct = await reEncrypted(from, checkValue);
      if (direct !== null) return direct;
      const moved = await throughMemory(from, checkValue);
      if (moved.ok) withoutReEncrypt.add(from.keyArn);
      else if (moved.error.failureClass === "refusal" && moved.error.keyArn !== toArn) refusing.set(from.keyArn, moved.error);
      return moved;
    },
  };
}

/** Of what passes by itself, Decrypt and Encrypt would only be more of the same. */
const passes = ({ failureClass, code }: KmsFailure): boolean => failureClass === "transient" || code === "VENDOR_AWS_FAULT";

const named = (error: KmsFailure, keyArn: string): KmsOutcome<never> => ({ ok: false, error: { ...error, keyArn } });

/** Null: the wrap opens to the key with this check value. */
async function proved(keyService: KeyService, wrap: KeyWrap, checkValue: string): Promise<KmsFailure | null> {
  const opened = await openWrap(keyService, wrap, checkValue);
  if (!opened.ok) return { ...opened.error, keyArn: wrap.keyArn };
  opened.value.destroy();
  return null;
}

/** A generation that nothing in the database opens. */
export const unopenable = (keyArn: string): KmsFailure => ({
  ...problem("ACCOUNT_KEY_UNREADABLE", { keyArn }),
  failureClass: "data",
});
