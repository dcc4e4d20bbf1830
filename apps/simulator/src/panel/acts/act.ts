import { type FaultRule, parseFaultRules } from "@ekm/faults";
import { z } from "zod";
import { KEY_FAULTS } from "../world/faults.js";

const arn = z.string().regex(/^arn:aws:kms:[a-z0-9-]{1,32}:\d{12}:key\/[A-Za-z0-9-]{1,64}$/, "must be the ARN of a key");
const id = z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account");
const rule = z.unknown().transform((value, context): FaultRule => {
  const parsed = parseFaultRules([value]);
  if (parsed.ok && parsed.rules[0]) return parsed.rules[0];
  context.addIssue({ code: "custom", message: "must be a fault rule" });
  return z.NEVER;
});

/** What the panel can do to the simulated AWS: all of it can be undone. */
export const act = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("disable-key"), arn }),
  z.strictObject({ act: z.literal("enable-key"), arn }),
  z.strictObject({ act: z.literal("schedule-deletion"), arn, days: z.number().int().min(7).max(30) }),
  z.strictObject({ act: z.literal("cancel-deletion"), arn }),
  z.strictObject({ act: z.literal("revoke-grant"), arn }),
  z.strictObject({ act: z.literal("restore-grant"), arn }),
  z.strictObject({
    act: z.literal("set-fault"),
    arn,
    fault: z.enum(KEY_FAULTS),
    on: z.boolean(),
    ms: z.number().int().min(1).max(60_000).default(2_000),
  }),
  z.strictObject({
    act: z.literal("suspend-account"),
    id,
    profile: z.enum(["cross-account-denied", "invalid-state", "not-found"]).default("cross-account-denied"),
  }),
  z.strictObject({ act: z.literal("reinstate-account"), id }),
  z.strictObject({ act: z.literal("remove-rule"), rule }),
  z.strictObject({ act: z.literal("repair-account"), id }),
  z.strictObject({ act: z.literal("repair-all") }),
]);
export type Act = z.infer<typeof act>;
