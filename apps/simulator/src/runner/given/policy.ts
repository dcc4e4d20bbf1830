import { z } from "zod";
import { POLICY_NAMES } from "../../policies/key-policies.js";

/** What a key's owner allows, besides the owner's own administration, which stays. */
export const policy = z
  .union([z.enum(POLICY_NAMES), z.strictObject({ statements: z.array(z.record(z.string(), z.unknown())).max(20) })])
  .meta({
    description:
      "A policy by name, or statements of one's own; in these {vendorAccountId}, {vendorPrincipalArn}, {ownerAccountId} and {account:NAME} are filled in.",
  });
export type Policy = z.infer<typeof policy>;
