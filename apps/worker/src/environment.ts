import path from "node:path";
import { checkRoots } from "@ekm/vault";
import { z } from "zod";

const absolute = z.string().min(1).refine(path.isAbsolute, "must be an absolute path");
const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const variables = z.object({
  EKM_DATABASE: absolute.describe("the SQLite file"),
  EKM_STORE_DIR: absolute.describe("the directory of sealed objects"),
  EKM_ALLOWED_ROOTS: list(path.delimiter).pipe(z.array(absolute).min(1)),
  EKM_RESTORE_ROOT: absolute,
  EKM_SHARED_ROOTS: z.enum(["true", "false"]).default("false"),
  EKM_SIGNING_KEY: absolute.describe(
    "a PEM file (PKCS#8) with the Ed25519 key that signs retirement certificates and audit checkpoints",
  ),
  EKM_KMS_ENDPOINT: z.url().optional(),
  EKM_ALLOWED_REGIONS: list(",").pipe(z.array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/)).min(1)),
  AWS_REGION: z.string().min(1),
  EKM_VENDOR_AWS_ACCOUNT_ID: z.string().regex(/^\d{12}$/, "must be 12 digits"),
  EKM_VENDOR_PRINCIPAL_ARN: z.string().startsWith("arn:"),
  EKM_ACCOUNT_SESSIONS: z.enum(["true", "false"]).default("false").describe("use keys under a session of each account"),
  EKM_KEY_LEASE_SECONDS: z.coerce.number().int().min(1).max(300).default(60),
  EKM_HEALTH_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(3600).default(60),
  EKM_DATABASE_RETENTION_DAYS: z.coerce.number().int().min(0).max(3650).default(35),
  EKM_DATABASE_PATIENCE_SECONDS: z.coerce.number().int().min(0).max(3600).default(60),
  EKM_WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  EKM_CHECKPOINT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(3600)
    .describe("a round of audit checkpoints at least this often"),
  EKM_CHECKPOINT_ENTRIES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1000)
    .describe("and at once after so many audit entries"),
  EKM_CHECKPOINT_DIR: absolute
    .optional()
    .describe("where audit checkpoints are exported; default: the directory of sealed objects"),
  EKM_WEBHOOK_KEY_FILE: absolute.optional().describe("32 bytes under which webhooks' secrets are stored; absent: none are sent"),
  EKM_WEBHOOK_ALLOW_INSECURE: z
    .enum(["true", "false"])
    .default("false")
    .describe("development: webhooks over http and to any address"),
  EKM_WEBHOOK_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(60).default(15),
  EKM_CLOCK_OFFSET_FILE: absolute.optional().describe("for experiments: by how many milliseconds the wall clock is off"),
  EKM_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

const schema = variables.superRefine((env, context) => {
  if (env.EKM_ACCOUNT_SESSIONS === "true" && !/^arn:aws[a-z-]*:iam::\d{12}:role\//.test(env.EKM_VENDOR_PRINCIPAL_ARN)) {
    const message = "must be the ARN of a role where EKM_ACCOUNT_SESSIONS=true: it is assumed for each account";
    context.addIssue({ code: "custom", path: ["EKM_VENDOR_PRINCIPAL_ARN"], message });
  }
  const shared = env.EKM_SHARED_ROOTS === "true";
  for (const { setting, message } of checkRoots({ roots: env.EKM_ALLOWED_ROOTS, restoreRoot: env.EKM_RESTORE_ROOT, shared })) {
    context.addIssue({ code: "custom", path: [setting === "roots" ? "EKM_ALLOWED_ROOTS" : "EKM_RESTORE_ROOT"], message });
  }
});

export type Environment = z.infer<typeof schema>;

/** Every problem at once, each with its variable. The only place that reads `process.env`; AWS credentials are the SDK's to read. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new EnvironmentError(`The worker cannot start. Set these variables:\n${problems.join("\n")}`);
}

export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}
