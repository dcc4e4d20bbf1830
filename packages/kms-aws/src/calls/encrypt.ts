import { EncryptCommand } from "@aws-sdk/client-kms";
import type { EncryptionContext, KmsOutcome } from "@ekm/ekm";
import type { Caller } from "./caller.js";
import { isCiphertext } from "./checks.js";

export const encrypt = (
  caller: Caller,
  keyArn: string,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Promise<KmsOutcome<{ ciphertext: Uint8Array }>> =>
  caller.attempt({
    keyArn,
    accountId: context["ekm:account"],
    send: (client, options) =>
      client.send(new EncryptCommand({ KeyId: keyArn, Plaintext: plaintext, EncryptionContext: context }), options),
    read: ({ KeyId, CiphertextBlob }) =>
      KeyId === keyArn && isCiphertext(CiphertextBlob) ? { ciphertext: CiphertextBlob } : null,
  });
