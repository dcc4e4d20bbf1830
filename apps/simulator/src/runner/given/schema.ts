import { z } from "zod";
import { duration, keyName, size } from "../../experiments/fields.js";
import { NAME } from "../../experiments/moment.js";
import { REGIONS } from "../../stack/stack.js";
import { KEY_KINDS } from "./kinds.js";
import { policy } from "./policy.js";

const name = z.string().regex(NAME, "a name: lower-case letters, digits and hyphens, a letter first");

const productSettings = z.strictObject({
  leaseSeconds: z.number().int().min(1).max(300).default(5),
  healthIntervalSeconds: z.number().int().min(1).max(3600).default(5),
  workerConcurrency: z.number().int().min(1).max(64).optional().meta({ description: "Jobs that the worker runs at once." }),
  databaseRetentionDays: z.number().int().min(0).max(3650).optional().meta({
    description: "How long copies of the service's own database are kept: a retirement certificate waits for them.",
  }),
  storeSize: size.optional().meta({
    description: "The object store gets a disk of its own of this size, to be filled: needs isolation: stack, and root on Linux.",
  }),
  probesPerMinute: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: "Probes of a key that an admin may ask for." }),
});

const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS Region such as eu-west-1")
  .meta({ description: `An AWS Region. The product allows ${REGIONS.join(", ")}.` });

const key = z
  .strictObject({
    account: name.default("customer").meta({ description: "The AWS account that owns it." }),
    kind: z.enum(KEY_KINDS).default("symmetric"),
    region: region.default("us-east-1"),
    policy: policy.default("grant-template"),
    of: keyName.optional().meta({ description: "With kind replica: the multi-Region key, which stands before it in the file." }),
    expires: duration
      .optional()
      .meta({ description: "With kind imported: its material expires that much later, on AWS's clock." }),
  })
  .refine(({ kind, of }) => (kind === "replica") === (of !== undefined), {
    message: "`of` where kind is replica, and only there",
    path: ["of"],
  })
  .refine(({ kind, expires }) => expires === undefined || kind === "imported", {
    message: "`expires` only where kind is imported",
    path: ["expires"],
  });

const awsAccount = z.strictObject({
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "an organisation's id such as o-abcdefghij")
    .optional(),
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
  "aws-accounts": z.record(name, awsAccount).default({}).meta({
    description: "AWS accounts besides `customer` and those that own a key, which are there by being named.",
  }),
  keys: z.record(name, key).default({}),
  accounts: z.record(name, account).default({}),
});
export type Given = z.infer<typeof given>;
export type GivenAccount = Given["accounts"][string];
export type GivenKey = Given["keys"][string];
