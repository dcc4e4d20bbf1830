import { z } from "zod";
import { keyName, size } from "../../experiments/fields.js";
import { NAME } from "../../experiments/moment.js";
import { POLICY_NAMES } from "../../policies/key-policies.js";
import { REGIONS } from "../../stack/stack.js";
import { KEY_KINDS } from "./key-kinds.js";

const name = z.string().regex(NAME, "a name: lower-case letters, digits and hyphens, a letter first");

const productSettings = z.strictObject({
  leaseSeconds: z.number().int().min(1).max(300).default(5),
  healthIntervalSeconds: z.number().int().min(1).max(3600).default(5),
});

const key = z.strictObject({
  account: name.default("customer").meta({ description: "The AWS account that owns it." }),
  kind: z.enum(KEY_KINDS).default("symmetric"),
  region: z.enum(REGIONS).default("us-east-1"),
  policy: z.enum(POLICY_NAMES).default("grant-template"),
});

const data = z.strictObject({
  kind: z.enum(["salesforce-export", "directory"]).default("salesforce-export"),
  size: size.prefault("20MB"),
  seed: z.number().int().optional().meta({ description: "Default: follows from the run's seed and the account's name." }),
});

const account = z
  .strictObject({
    ekm: z.enum(["none", "activated", "enabled"]).default("none"),
    key: keyName.optional().meta({ description: "The key that EKM is enabled with; its policy is bound to this account." }),
    backups: z.number().int().min(0).max(100).default(0).meta({ description: "Made once EKM is as asked for." }),
    data: data.prefault({}),
  })
  .refine(({ ekm, key: named }) => ekm !== "enabled" || named !== undefined, {
    message: "a key where ekm is enabled",
    path: ["key"],
  });

/** What is there before the experiment begins. */
export const given = z.strictObject({
  product: productSettings.prefault({}),
  keys: z.record(name, key).default({}),
  accounts: z.record(name, account).default({}),
});
export type Given = z.infer<typeof given>;
export type GivenAccount = Given["accounts"][string];
export type GivenKey = Given["keys"][string];
