import { GenerateDataKeyCommand } from "@aws-sdk/client-kms";
import type { EncryptionContext, KmsOutcome } from "@ekm/ekm";
import type { Caller } from "./caller.js";
import { discard, isCiphertext, isPlaintext } from "./checks.js";

const DATA_KEY_LENGTH = 32;

export const generateDataKey = (
  caller: Caller,
  keyArn: string,
  context: EncryptionContext,
  accountId = context["ekm:account"],
): Promise<KmsOutcome<{ plaintext: Uint8Array; ciphertext: Uint8Array }>> =>
  caller.attempt({
    keyArn,
    accountId,
    send: (client, options) =>
      client.send(new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: context }), options),
    read: ({ KeyId, Plaintext, CiphertextBlob }) =>
      KeyId === keyArn && isPlaintext(Plaintext, DATA_KEY_LENGTH) && isCiphertext(CiphertextBlob)
        ? { plaintext: Plaintext, ciphertext: CiphertextBlob }
        : discard(Plaintext),
  });
