import { AwsFault } from "../front/aws-fault.js";
import type { KeyRecord } from "../keys/key.js";
import type { Upstream } from "../upstream/upstream.js";

/** What AWS answers to a symmetric ciphertext that is not that key's. */
export function ciphertextKeyFault(
  upstream: Upstream,
  ciphertext: Buffer,
  key: KeyRecord,
  algorithm: string | undefined,
): AwsFault | null {
  if ((algorithm ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT") return null;
  const keyId = upstream.keyIdOf(ciphertext);
  if (keyId === null) return key.keySpec === "SYMMETRIC_DEFAULT" ? new AwsFault("InvalidCiphertextException") : null;
  if (keyId === key.id) return null;
  return new AwsFault(
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
  );
}
