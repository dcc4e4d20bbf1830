import type { Sample } from "./check-use.js";
import { opensTo, type Probe } from "./probe.js";

/** REENCRYPT, from the key to itself. Never more than a warning: Decrypt and Encrypt do the same work. */
export async function checkReEncrypt(probe: Probe, sample: Sample): Promise<void> {
  const { keyService, key, context, report } = probe;
  const moved = await keyService.reEncrypt({
    fromKeyArn: key.arn,
    toKeyArn: key.arn,
    ciphertext: sample.ciphertext,
    fromContext: context,
    toContext: context,
  });
  const failure = moved.ok ? await opensTo(probe, moved.value.ciphertext, sample.plaintext) : moved.error;
  if (failure) {
    report.warn("REENCRYPT", "ReEncrypt cannot be used with this key; Decrypt and Encrypt are used in its place.", failure.code);
  } else report.pass("REENCRYPT", "Keys can be moved to and from this key without leaving AWS KMS.");
}
