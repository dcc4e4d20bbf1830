import { randomBytes } from "node:crypto";
import { opensTo, type Probe } from "./probe.js";

/** A wrapped sample that the later checks work on. The plaintext is 32 random bytes that protect nothing. */
export interface Sample {
  readonly plaintext: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** GENERATE_DATA_KEY, DECRYPT, ENCRYPT: the key is really used, under the account's context, and every answer is opened again. */
export async function checkUse(probe: Probe): Promise<Sample | null> {
  const { keyService, key, context, report } = probe;
  const made = await keyService.generateDataKey(key.arn, context);
  if (!made.ok) {
    report.fail("GENERATE_DATA_KEY", made.error.code, made.error.message);
    return null;
  }
  report.pass("GENERATE_DATA_KEY", "The key made a data key for this account.");

  const unopened = await opensTo(probe, made.value.ciphertext, made.value.plaintext);
  if (unopened) {
    report.fail("DECRYPT", unopened.code, unopened.message);
    return null;
  }
  report.pass("DECRYPT", "The key opened what it had wrapped.");
  await checkEncrypt(probe);
  return made.value;
}

async function checkEncrypt(probe: Probe): Promise<void> {
  const { keyService, key, context, report } = probe;
  const secret = randomBytes(32);
  const sealed = await keyService.encrypt(key.arn, secret, context);
  const failure = sealed.ok ? await opensTo(probe, sealed.value.ciphertext, secret) : sealed.error;
  if (failure) report.fail("ENCRYPT", failure.code, failure.message);
  else report.pass("ENCRYPT", "The key wrapped fresh random bytes and opened them again.");
}
