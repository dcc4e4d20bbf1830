import { CreateKeyCommand } from "@aws-sdk/client-kms";
import type { KmsOutcome } from "@ekm/ekm";
import { partsOfKeyArn } from "../key-arn.js";
import type { Caller } from "./caller.js";

/** One symmetric key in the vendor's own account, tagged with the product's account id, so that orphans can be found. */
export const createVendorKey = (caller: Caller, region: string, accountId: string): Promise<KmsOutcome<{ arn: string }>> =>
  caller.attemptAsVendor(region, {
    send: (client, options) =>
      client.send(
        new CreateKeyCommand({
          KeySpec: "SYMMETRIC_DEFAULT",
          KeyUsage: "ENCRYPT_DECRYPT",
          Description: "Cloud Key Management: protects one account's keys",
          Tags: [{ TagKey: "ekm:account", TagValue: accountId }],
        }),
        options,
      ),
    read: ({ KeyMetadata }) => {
      const arn = KeyMetadata?.Arn;
      return arn !== undefined && partsOfKeyArn(arn)?.region === region ? { arn } : null;
    },
  });
