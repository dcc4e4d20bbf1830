import { AwsFault } from "../front/aws-fault.js";
import type { KeyRecord } from "../keys/key.js";
import type { Upstream } from "../upstream/upstream.js";

/** What AWS answers to a ciphertext that is not that key's. */
export function ciphertextKeyFault(upstream: Upstream, ciphertext: Buffer, key: KeyRecord): AwsFault | null {
  const keyId = upstream.keyIdOf(ciphertext);
  if (keyId === null) return new AwsFault("InvalidCiphertextException");
  if (keyId === key.id) return null;
  return new AwsFault(
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
  );
}
