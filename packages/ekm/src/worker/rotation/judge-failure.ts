import type { ErrorCode } from "../../errors/codes.js";
import type { KmsFailure } from "../../ports/key-service.js";
import type { KeyRotation } from "../../rotation/rotation.js";

/**
 * pause: wait until the key works. later: it passes by itself. The others are of one generation and let the rest go on.
 * unreadable: its key does not open it; stops the switch unless the loss is accepted. left: an earlier rotation left it under
 * a key that is not the one being replaced; never stops the switch. unprovable: the new key does not give back what it was
 * given; always stops it.
 */
export type Verdict = "pause" | "later" | "unreadable" | "left" | "unprovable";

/** Transient by their class, but what a key says of itself: an external key that is gone for ever answers so for ever. */
const OF_THE_KEY: readonly ErrorCode[] = ["KEY_UNAVAILABLE", "EXTERNAL_KEY_STORE_UNREACHABLE"];

/** What a failure to move a generation from `sourceArn` means for the rotation; null: from no key. */
export function judgeFailure(
  { fromArn, toArn, acceptsLoss }: Pick<KeyRotation, "fromArn" | "toArn" | "acceptsLoss">,
  sourceArn: string | null,
  { failureClass, keyArn, code }: Pick<KmsFailure, "failureClass" | "keyArn" | "code">,
): Verdict {
  if (keyArn === toArn) return failureClass === "data" ? "unprovable" : failureClass === "refusal" ? "pause" : "later";
  if (sourceArn !== fromArn) return "left";
  if (failureClass === "data") return "unreadable";
  if (acceptsLoss && (failureClass === "refusal" || OF_THE_KEY.includes(code))) return "unreadable";
  return failureClass === "refusal" ? "pause" : "later";
}
