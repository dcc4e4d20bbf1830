import { DecryptCommand } from "@aws-sdk/client-kms";
import type { EncryptionContext, KmsOutcome } from "@ekm/ekm";
import type { Caller } from "./caller.js";
import { discard, isPlaintext } from "./checks.js";

/** Always names the key: a blob that another key wrapped must not open. */
export const decrypt = (
  caller: Caller,
  keyArn: string,
  ciphertext: Uint8Array,
  context: EncryptionContext,
  accountId = context["ekm:account"],
): Promise<KmsOutcome<{ plaintext: Uint8Array }>> =>
  caller.attempt({
    keyArn,
    accountId,
    send: (client, options) =>
      client.send(new DecryptCommand({ KeyId: keyArn, CiphertextBlob: ciphertext, EncryptionContext: context }), options),
    read: ({ KeyId, Plaintext }) => (KeyId === keyArn && isPlaintext(Plaintext) ? { plaintext: Plaintext } : discard(Plaintext)),
  });
