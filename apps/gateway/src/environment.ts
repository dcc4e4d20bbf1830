import { checkRoots } from "@ekm/vault/check-roots";
import { z } from "zod";
import { isTrustedUrl } from "./auth/trusted-url.js";

const commaSeparated = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);

const absolutePath = z.string().startsWith("/", "must be an absolute path");

const httpUrl = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : null;
};

const jwks = z
  .string()
  .min(1)
  .refine(
    (text) => !text.includes("://") || isTrustedUrl(text),
    "must be a file path or an https URL (http only to this machine)",
  );

const origins = commaSeparated.refine(
  (list) => list.every((origin) => httpUrl(origin)?.origin === origin),
  "must be origins such as https://console.example.com, separated by commas; * is not accepted",
);

const Variables = z.object({
  EKM_DATABASE: absolutePath,
  EKM_STORE_DIR: absolutePath,
  EKM_ALLOWED_ROOTS: z
    .string()
    .transform((text) => text.split(":").filter((part) => part !== ""))
    .refine(
      (roots) => roots.length > 0 && roots.every((root) => root.startsWith("/")),
      "must be absolute paths, separated by colons",
    ),
  EKM_RESTORE_ROOT: absolutePath,
  EKM_SHARED_ROOTS: z.enum(["true", "false"], "must be true or false").default("false"),
  EKM_KMS_ENDPOINT: z
    .string()
    .refine((text) => httpUrl(text) !== null, "must be an http or https URL")
    .optional(),
  AWS_REGION: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, "must be an AWS Region such as eu-west-1"),
  AWS_ACCESS_KEY_ID: z.string().min(1).optional(),
  AWS_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  EKM_VENDOR_AWS_ACCOUNT_ID: z.string().regex(/^\d{12}$/, "must be 12 digits"),
  EKM_VENDOR_PRINCIPAL_ARN: z.string().regex(/^arn:aws[a-z-]*:(iam|sts)::\d{12}:.+$/, "must be the ARN of an IAM principal"),
  EKM_ACCOUNT_SESSIONS: z.enum(["true", "false"], "must be true or false").default("false"),
  EKM_ALLOWED_REGIONS: commaSeparated.refine((list) => list.length > 0, "must name at least one AWS Region"),
  EKM_KEY_LEASE_SECONDS: wholeNumber(1, 300).default(60),
  EKM_HEALTH_INTERVAL_SECONDS: wholeNumber(1, 3600).default(60),
  EKM_DATABASE_RETENTION_DAYS: wholeNumber(0, 3650).default(35),
  EKM_DATABASE_PATIENCE_SECONDS: wholeNumber(0, 3600).default(60),
  EKM_JWT_ISSUER: z.string().min(1),
  EKM_JWT_AUDIENCE: z.string().min(1),
  EKM_JWKS: jwks.optional(),
  EKM_JWT_TYPE: z.string().min(1).optional(),
  EKM_SIGNING_PUBLIC_KEYS: absolutePath.optional(),
  EKM_DEMO_FILE: absolutePath.optional(),
  EKM_CONSOLE_DIR: absolutePath.optional(),
  EKM_CORS_ORIGINS: origins.default([]),
  EKM_INTROSPECTION: z.enum(["true", "false"]).optional(),
  EKM_TRUSTED_DOCUMENTS: absolutePath.optional(),
  EKM_TRUSTED_DOCUMENTS_MODE: z.enum(["only", "also"], "must be only or also").default("only"),
  EKM_QUERIES_PER_MINUTE: wholeNumber(1, 100_000_000).default(12_000),
  EKM_MUTATIONS_PER_MINUTE: wholeNumber(1, 100_000_000).default(3_000),
  EKM_PROBES_PER_MINUTE: wholeNumber(1, 10_000).default(60),
  EKM_SUBSCRIPTIONS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  EKM_REFUSALS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
  EKM_RECEIVE_SECONDS: wholeNumber(1, 600).default(15),
  EKM_ANSWER_SECONDS: wholeNumber(1, 600).default(60),
  EKM_HOST: z.string().min(1).default("127.0.0.1"),
  EKM_PORT: wholeNumber(0, 65_535).default(4000),
  EKM_WEBHOOK_KEY_FILE: absolutePath.optional(),
  EKM_WEBHOOK_ALLOW_INSECURE: z.enum(["true", "false"], "must be true or false").default("false"),
  EKM_CLOCK_OFFSET_FILE: absolutePath.optional(),
  EKM_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

const Consistent = Variables.superRefine((env, context) => {
  if ((env.AWS_ACCESS_KEY_ID === undefined) !== (env.AWS_SECRET_ACCESS_KEY === undefined)) {
    context.addIssue({ code: "custom", path: ["AWS_SECRET_ACCESS_KEY"], message: "must be set together with AWS_ACCESS_KEY_ID" });
  }
  if (env.EKM_ACCOUNT_SESSIONS === "true" && !/^arn:aws[a-z-]*:iam::\d{12}:role\//.test(env.EKM_VENDOR_PRINCIPAL_ARN)) {
    const message = "must be the ARN of a role where EKM_ACCOUNT_SESSIONS=true: it is assumed for each account";
    context.addIssue({ code: "custom", path: ["EKM_VENDOR_PRINCIPAL_ARN"], message });
  }
  if (env.EKM_JWKS === undefined && !isTrustedUrl(env.EKM_JWT_ISSUER)) {
    const message = "must be an https URL (http only to this machine) where EKM_JWKS does not say where its keys are";
    context.addIssue({ code: "custom", path: ["EKM_JWT_ISSUER"], message });
  }
  const shared = env.EKM_SHARED_ROOTS === "true";
  for (const { setting, message } of checkRoots({ roots: env.EKM_ALLOWED_ROOTS, restoreRoot: env.EKM_RESTORE_ROOT, shared })) {
    const name = setting === "roots" ? "EKM_ALLOWED_ROOTS" : "EKM_RESTORE_ROOT";
    context.addIssue({ code: "custom", path: [name], message });
  }
});

export type Environment = ReturnType<typeof toEnvironment>;

function toEnvironment(env: z.output<typeof Variables>) {
  return {
    store: {
      databasePath: env.EKM_DATABASE,
      objectsDirectory: env.EKM_STORE_DIR,
      patienceMs: env.EKM_DATABASE_PATIENCE_SECONDS * 1000,
    },
    roots: { allowed: env.EKM_ALLOWED_ROOTS, restore: env.EKM_RESTORE_ROOT },
    aws: {
      endpoint: env.EKM_KMS_ENDPOINT,
      region: env.AWS_REGION,
      /** Absent: the SDK's own chain (instance role, profile). */
      credentials:
        env.AWS_ACCESS_KEY_ID === undefined || env.AWS_SECRET_ACCESS_KEY === undefined
          ? undefined
          : { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
      vendor: { awsAccountId: env.EKM_VENDOR_AWS_ACCOUNT_ID, principalArn: env.EKM_VENDOR_PRINCIPAL_ARN },
      /** Whether keys are used under a session of each account's own. */
      accountSessions: env.EKM_ACCOUNT_SESSIONS === "true",
    },
    settings: {
      allowedRegions: env.EKM_ALLOWED_REGIONS,
      leaseSeconds: env.EKM_KEY_LEASE_SECONDS,
      healthIntervalSeconds: env.EKM_HEALTH_INTERVAL_SECONDS,
      databaseRetentionDays: env.EKM_DATABASE_RETENTION_DAYS,
    },
    tokens: {
      issuer: env.EKM_JWT_ISSUER,
      audience: env.EKM_JWT_AUDIENCE,
      /** A file's path or a URL. Absent: the issuer describes itself. */
      jwks: env.EKM_JWKS,
      type: env.EKM_JWT_TYPE,
    },
    /** Absent: any document is run that is within the limits. */
    trustedDocuments:
      env.EKM_TRUSTED_DOCUMENTS === undefined
        ? undefined
        : { file: env.EKM_TRUSTED_DOCUMENTS, mode: env.EKM_TRUSTED_DOCUMENTS_MODE },
    /** Files that are shown over HTTP; what is absent is not served. */
    published: { signingKeys: env.EKM_SIGNING_PUBLIC_KEYS, demo: env.EKM_DEMO_FILE, console: env.EKM_CONSOLE_DIR },
    http: {
      host: env.EKM_HOST,
      port: env.EKM_PORT,
      corsOrigins: env.EKM_CORS_ORIGINS,
      /** Left unsaid: only where a demo is shown, which is for development. */
      introspection: env.EKM_INTROSPECTION === undefined ? env.EKM_DEMO_FILE !== undefined : env.EKM_INTROSPECTION === "true",
      rates: {
        queries: env.EKM_QUERIES_PER_MINUTE,
        mutations: env.EKM_MUTATIONS_PER_MINUTE,
        probes: env.EKM_PROBES_PER_MINUTE,
        subscriptions: env.EKM_SUBSCRIPTIONS_PER_MINUTE,
        refusals: env.EKM_REFUSALS_PER_MINUTE,
      },
      receiveMs: env.EKM_RECEIVE_SECONDS * 1000,
      answerMs: env.EKM_ANSWER_SECONDS * 1000,
    },
    /** The file of the key under which webhooks' secrets are stored; absent: no webhooks. Insecure: http and any address, for development. */
    webhooks: { keyFile: env.EKM_WEBHOOK_KEY_FILE, allowInsecure: env.EKM_WEBHOOK_ALLOW_INSECURE === "true" },
    /** For experiments: a file that says by how many milliseconds the wall clock is off. */
    clockOffsetFile: env.EKM_CLOCK_OFFSET_FILE,
    logLevel: env.EKM_LOG_LEVEL,
  };
}

export type EnvironmentResult =
  | { readonly ok: true; readonly value: Environment }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reports every problem at once, by the variable's name and never with its value: it may be a secret. Empty counts as absent. */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): EnvironmentResult {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = Consistent.safeParse(given);
  if (parsed.success) return { ok: true, value: toEnvironment(parsed.data) };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return given[name] === undefined && issue.code !== "custom" ? `${name} is missing: set it` : `${name} ${issue.message}`;
    }),
  };
}

export const readEnvironment = (): EnvironmentResult => parseEnvironment(process.env);
