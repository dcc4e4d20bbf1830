import { ReEncryptCommand } from "@aws-sdk/client-kms";
import type { KmsOutcome, ReEncryptRequest } from "@ekm/ekm";
import { failureOf } from "../classification/to-failure.js";
import { partsOfKeyArn } from "../key-arn.js";
import type { Caller } from "./caller.js";
import { isCiphertext } from "./checks.js";

const UNREADABLE: ReadonlySet<string> = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);

/**
 * AWS authorises it twice, ReEncryptFrom on the source and ReEncryptTo on the target, and within one Region only. Its texts
 * name the key or the action; only a text that names the source, or a blob that does not open, is about the source.
 */
export async function reEncrypt(caller: Caller, request: ReEncryptRequest): Promise<KmsOutcome<{ ciphertext: Uint8Array }>> {
  const { fromKeyArn, toKeyArn, ciphertext, fromContext, toContext } = request;
  if (partsOfKeyArn(fromKeyArn)?.region !== partsOfKeyArn(toKeyArn)?.region) {
    return { ok: false, error: failureOf("input", "INPUT_INVALID", toKeyArn) };
  }
  return caller.attempt({
    keyArn: toKeyArn,
    accountId: toContext["ekm:account"],
    keyAtFault: ({ name, text }) => {
      const ofSource = UNREADABLE.has(name) || text.includes("kms:ReEncryptFrom") || text.includes(fromKeyArn);
      return ofSource ? fromKeyArn : toKeyArn;
    },
    send: (client, options) =>
      client.send(
        new ReEncryptCommand({
          SourceKeyId: fromKeyArn,
          SourceEncryptionContext: fromContext,
          CiphertextBlob: ciphertext,
          DestinationKeyId: toKeyArn,
          DestinationEncryptionContext: toContext,
        }),
        options,
      ),
    read: ({ SourceKeyId, KeyId, CiphertextBlob }) =>
      SourceKeyId === fromKeyArn && KeyId === toKeyArn && isCiphertext(CiphertextBlob) ? { ciphertext: CiphertextBlob } : null,
  });
}
