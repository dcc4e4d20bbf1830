import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import type { KeyDescription, KmsOutcome } from "@ekm/ekm";
import type { Caller } from "./caller.js";

/** The ARN is handed on as AWS answered it: telling a mismatch is the caller's. */
export const describeKey = (caller: Caller, keyArn: string, accountId?: string): Promise<KmsOutcome<KeyDescription>> =>
  caller.attempt({
    keyArn,
    accountId,
    send: (client, options) => client.send(new DescribeKeyCommand({ KeyId: keyArn }), options),
    read: ({ KeyMetadata }) => (KeyMetadata === undefined ? null : descriptionOf(KeyMetadata)),
  });

function descriptionOf(metadata: KeyMetadata): KeyDescription | null {
  const { Arn, KeyState, KeySpec, KeyUsage, KeyManager, Origin, MultiRegion, DeletionDate } = metadata;
  if (Arn === undefined || KeyState === undefined) return null;
  return {
    arn: Arn,
    state: KeyState,
    keySpec: KeySpec ?? "",
    keyUsage: KeyUsage ?? "",
    manager: KeyManager ?? "",
    origin: Origin ?? "",
    multiRegion: MultiRegion ?? false,
    ...(DeletionDate === undefined ? {} : { deletionDate: DeletionDate }),
  };
}
