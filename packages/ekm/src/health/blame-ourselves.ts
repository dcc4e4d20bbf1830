import { problem } from "../errors/catalog.js";
import type { EncryptionContext } from "../keys/generation.js";
import type { Clock } from "../ports/clock.js";
import type { KeyService, KmsFailure, KmsOutcome } from "../ports/key-service.js";
import { Denials } from "./denials.js";

export interface BlameOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** The fault on our side began (true) or is over: page somebody. */
  readonly onChange?: (ours: boolean) => void;
}

/**
 * The same key service, but a denial is VENDOR_AWS_FAULT (class `ours`, so that leases run to their end) while many unrelated
 * customers are denied at once. The first few of them cannot be told from customers who revoke, and are answered as such; a
 * lease asks a second time before it believes a refusal. One per process, around all of its calls.
 */
export function blameOurselves(keyService: KeyService, { clock, onChange = () => {} }: BlameOptions): KeyService {
  const denials = new Denials(onChange);

  /** A use is a key with the account it serves: probes under a made-up account, which a good policy denies, have no history. */
  async function judged<T>(keyArn: string, context: EncryptionContext, answer: Promise<KmsOutcome<T>>): Promise<KmsOutcome<T>> {
    const outcome = await answer;
    const use = `${keyArn} ${context["ekm:account"] ?? ""}`;
    const awsAccountId = keyArn.split(":")[4] ?? "";
    if (outcome.ok) denials.worked(use, awsAccountId, clock.monotonicMs());
    else if (outcome.error.code === "KEY_ACCESS_DENIED" && denials.isOurs(use, awsAccountId, clock.monotonicMs())) {
      return { ok: false, error: ourFault(outcome.error) };
    }
    return outcome;
  }

  return {
    generateDataKey: (keyArn, context, accountId) =>
      judged(keyArn, context, keyService.generateDataKey(keyArn, context, accountId)),
    encrypt: (keyArn, plaintext, context) => judged(keyArn, context, keyService.encrypt(keyArn, plaintext, context)),
    decrypt: (keyArn, ciphertext, context, accountId) =>
      judged(keyArn, context, keyService.decrypt(keyArn, ciphertext, context, accountId)),
    async reEncrypt(request) {
      // It asks two keys, and an answer speaks for one of them alone: it is no evidence, but it is put down to us as well.
      const outcome = await keyService.reEncrypt(request);
      const isDenial = !outcome.ok && outcome.error.code === "KEY_ACCESS_DENIED";
      return isDenial && denials.areOurs ? { ok: false, error: ourFault(outcome.error) } : outcome;
    },
    describeKey: (keyArn, accountId) => keyService.describeKey(keyArn, accountId),
  };
}

function ourFault({ keyArn, awsErrorName, awsRequestId }: KmsFailure): KmsFailure {
  const seen = {
    ...(keyArn === undefined ? {} : { keyArn }),
    ...(awsErrorName === undefined ? {} : { awsErrorName }),
    ...(awsRequestId === undefined ? {} : { awsRequestId }),
  };
  return { ...problem("VENDOR_AWS_FAULT", seen), failureClass: "ours" };
}
