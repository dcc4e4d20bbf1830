import { openCanary } from "../health/open-canary.js";
import { sameRegion } from "../identifiers/same-region.js";
import type { CanaryWrap } from "../keys/generation.js";
import type { KmsFailure } from "../ports/key-service.js";
import type { Sample } from "./check-use.js";
import { opensTo, type Probe } from "./probe.js";

/**
 * REENCRYPT. Never more than a warning: Decrypt and Encrypt do the same work. With `current`, the canary of the customer key
 * that the account uses now: from that key to this one, as a rotation does it; without, from the key to itself.
 */
export async function checkReEncrypt(probe: Probe, sample: Sample, current: CanaryWrap | null): Promise<void> {
  const { key, report } = probe;
  if (current !== null && !sameRegion(current.keyArn, key.arn)) {
    const fact = "The current key is in another AWS Region: Decrypt and Encrypt are used in place of ReEncrypt.";
    report.warn("REENCRYPT", fact);
    return;
  }
  const failure = await (current === null ? moveToItself(probe, sample) : moveFrom(probe, current));
  if (failure) {
    const from = current === null ? "with this key" : "from the current key";
    const message = `ReEncrypt cannot be used ${from}; Decrypt and Encrypt are used in its place.`;
    report.warn("REENCRYPT", message, failure.code);
  } else report.pass("REENCRYPT", "Keys can be moved to and from this key without leaving AWS KMS.");
}

type Failure = Pick<KmsFailure, "code"> | null;

async function moveToItself(probe: Probe, sample: Sample): Promise<Failure> {
  const { keyService, key, context } = probe;
  const moved = await keyService.reEncrypt({
    fromKeyArn: key.arn,
    toKeyArn: key.arn,
    ciphertext: sample.ciphertext,
    fromContext: context,
    toContext: context,
  });
  return moved.ok ? opensTo(probe, moved.value.ciphertext, sample.plaintext) : moved.error;
}

async function moveFrom({ keyService, key, context }: Probe, canary: CanaryWrap): Promise<Failure> {
  const moved = await keyService.reEncrypt({
    fromKeyArn: canary.keyArn,
    toKeyArn: key.arn,
    ciphertext: canary.ciphertext,
    fromContext: context,
    toContext: context,
  });
  if (!moved.ok) return moved.error;
  const opened = await openCanary({ keyService }, { ...canary, keyArn: key.arn, ciphertext: moved.value.ciphertext });
  return opened.ok ? null : opened.error;
}
