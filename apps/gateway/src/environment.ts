import { checkRoots } from "@ekm/vault";
import { z } from "zod";

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

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");

/** Keys that anybody on the way could replace are no keys: plain HTTP is for this machine only. */
const jwks = z
  .string()
  .min(1)
  .refine((text) => {
    if (!text.includes("://")) return true;
    const url = httpUrl(text);
    return url !== null && (url.protocol === "https:" || isLoopback(url));
  }, "must be a file path or an https URL (http only to this machine)");

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
  EKM_ALLOWED_REGIONS: commaSeparated.refine((list) => list.length > 0, "must name at least one AWS Region"),
  EKM_KEY_LEASE_SECONDS: wholeNumber(1, 300).default(60),
  EKM_HEALTH_INTERVAL_SECONDS: wholeNumber(1, 3600).default(60),
  EKM_DATABASE_RETENTION_DAYS: wholeNumber(0, 3650).default(35),
  EKM_JWT_ISSUER: z.string().min(1),
  EKM_JWT_AUDIENCE: z.string().min(1),
  EKM_JWKS: jwks,
  EKM_SIGNING_PUBLIC_KEYS: absolutePath.optional(),
  EKM_DEMO_FILE: absolutePath.optional(),
  EKM_CORS_ORIGINS: origins.default([]),
  EKM_INTROSPECTION: z.enum(["true", "false"]).default("true"),
  EKM_PROBES_PER_MINUTE: wholeNumber(1, 10_000).default(60),
  EKM_HOST: z.string().min(1).default("127.0.0.1"),
  EKM_PORT: wholeNumber(0, 65_535).default(4000),
  EKM_CLOCK_OFFSET_FILE: absolutePath.optional(),
  EKM_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

const Consistent = Variables.superRefine((env, context) => {
  if ((env.AWS_ACCESS_KEY_ID === undefined) !== (env.AWS_SECRET_ACCESS_KEY === undefined)) {
    context.addIssue({ code: "custom", path: ["AWS_SECRET_ACCESS_KEY"], message: "must be set together with AWS_ACCESS_KEY_ID" });
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
    store: { databasePath: env.EKM_DATABASE, objectsDirectory: env.EKM_STORE_DIR },
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
    },
    settings: {
      allowedRegions: env.EKM_ALLOWED_REGIONS,
      leaseSeconds: env.EKM_KEY_LEASE_SECONDS,
      healthIntervalSeconds: env.EKM_HEALTH_INTERVAL_SECONDS,
      databaseRetentionDays: env.EKM_DATABASE_RETENTION_DAYS,
    },
    tokens: { issuer: env.EKM_JWT_ISSUER, audience: env.EKM_JWT_AUDIENCE, jwks: env.EKM_JWKS },
    /** Files that are shown over HTTP; what is absent is not served. */
    published: { signingKeys: env.EKM_SIGNING_PUBLIC_KEYS, demo: env.EKM_DEMO_FILE },
    http: {
      host: env.EKM_HOST,
      port: env.EKM_PORT,
      corsOrigins: env.EKM_CORS_ORIGINS,
      introspection: env.EKM_INTROSPECTION === "true",
      probesPerMinute: env.EKM_PROBES_PER_MINUTE,
    },
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
