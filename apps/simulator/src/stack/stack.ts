import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { FaultRule } from "@ekm/faults";
import { type MockAws, type Pages, startMockAws } from "@ekm/mock-aws";
import type { SpanValues } from "../experiments/moment.js";
import { GATEWAY, WORKER } from "../paths.js";
import { type DevelopmentIssuer, openDevelopmentIssuer } from "../tokens/development-issuer.js";
import { openSigningKey } from "./signing-key.js";
import { mountSmallDisk } from "./small-disk.js";
import { type SupervisedProcess, superviseProcess } from "./supervised-process.js";
import { openWebhookKey } from "./webhook-key.js";

export interface ProductSettings {
  readonly leaseSeconds: number;
  readonly healthIntervalSeconds: number;
  /** What is absent is as the product has it. */
  readonly workerConcurrency?: number | undefined;
  readonly databaseRetentionDays?: number | undefined;
  readonly probesPerMinute?: number | undefined;
  /** Bytes: the object store gets a file system of its own of this size. */
  readonly storeSize?: number | undefined;
}

export interface StackOptions {
  /** Holds everything: database, objects, sources, restores, logs, the issuer's key. */
  readonly directory: string;
  readonly settings: ProductSettings;
  /** What a child process inherits of our environment. */
  readonly inherited: Readonly<Record<string, string>>;
  /** 0 (default): any free port. */
  readonly gatewayPort?: number;
  readonly awsPort?: number;
  readonly upstream?: string;
  readonly seed?: number | string;
  /** Keep the state of AWS in this file. */
  readonly awsStateFile?: string;
  /** The product's wall clock can be moved while it runs. */
  readonly movableClock?: boolean;
  /** In force before the product starts. */
  readonly faults?: readonly FaultRule[];
  /** What the gateway shows at /demo. */
  readonly demoFile?: string;
  /** The built console, which the gateway serves at /console/. */
  readonly consoleDirectory?: string;
  /** Pages beside the simulated AWS, on its port. */
  readonly pages?: Pages;
  /** Origins of browsers that may call the gateway. */
  readonly corsOrigins?: readonly string[];
}

/** The vendor as AWS knows it. */
export interface Vendor {
  readonly accountId: string;
  readonly principalArn: string;
}

export interface StackLayout {
  /** Each account's own directory in these is named by its id. */
  readonly sources: string;
  readonly restores: string;
  readonly database: string;
  readonly objects: string;
  /** Signed checkpoints of the audit log: not among the objects, whose growth tells of plaintext. */
  readonly checkpoints: string;
  readonly logs: string;
}

/** A product with an AWS of its own: mock AWS in this process, gateway and worker as child processes. */
export interface Stack {
  readonly aws: MockAws;
  readonly vendor: Vendor;
  readonly gatewayUrl: string;
  readonly tokens: DevelopmentIssuer;
  readonly layout: StackLayout;
  readonly spans: SpanValues;
  readonly gateway: SupervisedProcess;
  readonly worker: SupervisedProcess;
  readonly hasSmallDisk: boolean;
  /** Where it can be moved: the file that says by how many milliseconds the product's wall clock is off. */
  readonly clockOffsetFile: string | undefined;
  /** Ends all; keeps the directory. */
  close(): Promise<void>;
}

export const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"] as const;
/** In the product's roots: the id of the account that may name what lies below. */
const OWN = "{account}";
const VENDOR_NAME = "vendor";
const VENDOR_PRINCIPAL = "role/ekm-service";
/** One arena and a young generation of 2 MB: memory that one of a worker's threads frees is used by the others. */
const allocatorOf = ({ NODE_OPTIONS = "" }: Readonly<Record<string, string>>): Record<string, string> => ({
  MALLOC_ARENA_MAX: "1",
  // Beside what the stack was given for both of its processes, not in its place.
  NODE_OPTIONS: `${NODE_OPTIONS} --max-semi-space-size=2`.trim(),
});

/** Throws NoSmallDisk where `storeSize` is asked for and this machine cannot give it. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const layout = layoutOf(options);
  const started: SupervisedProcess[] = [];
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((process) => process.terminate()));
    for (const action of undo.splice(0).reverse()) await action();
  };
  try {
    const { storeSize } = options.settings;
    if (storeSize !== undefined) undo.push(await mountSmallDisk(dirname(layout.objects), storeSize));
    for (const path of Object.values(layout)) await mkdir(path, { recursive: true });
    const tokens = await openDevelopmentIssuer(join(options.directory, "issuer"));
    const signing = await openSigningKey(join(options.directory, "signing"));
    const webhookKeyFile = await openWebhookKey(join(options.directory, "webhooks"));
    const aws = await startMockAws({
      port: options.awsPort ?? 0,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
      ...(options.awsStateFile === undefined ? {} : { stateFile: options.awsStateFile }),
      ...(options.pages === undefined ? {} : { pages: options.pages }),
    });
    undo.push(() => aws.close());
    if (options.faults && options.faults.length > 0) await aws.simulator.faults.add(options.faults);
    const account = await vendorAccount(aws);
    const vendor = { accountId: account.id, principalArn: `arn:aws:iam::${account.id}:${VENDOR_PRINCIPAL}` };
    const clockOffsetFile = options.movableClock ? join(options.directory, "clock-offset") : undefined;
    if (clockOffsetFile !== undefined) await writeFile(clockOffsetFile, "0");
    const env = {
      ...productEnvironment(options, layout, tokens, aws.url, { ...account, ...vendor }),
      // Receivers run on this machine here.
      EKM_WEBHOOK_KEY_FILE: webhookKeyFile,
      EKM_WEBHOOK_ALLOW_INSECURE: "true",
      ...(clockOffsetFile === undefined ? {} : { EKM_CLOCK_OFFSET_FILE: clockOffsetFile }),
    };
    const supervise = (name: "gateway" | "worker", script: string, more: Record<string, string>): SupervisedProcess => {
      const process = superviseProcess({ name, script, env: { ...env, ...more }, logFile: join(layout.logs, `${name}.log`) });
      started.push(process);
      return process;
    };
    // The gateway first: whoever opens the database first brings its schema up to date.
    const gateway = supervise("gateway", GATEWAY, {
      EKM_PORT: String(options.gatewayPort ?? 0),
      EKM_SIGNING_PUBLIC_KEYS: signing.publicKeysFile,
      ...(options.demoFile === undefined ? {} : { EKM_DEMO_FILE: options.demoFile }),
      ...(options.consoleDirectory === undefined ? {} : { EKM_CONSOLE_DIR: options.consoleDirectory }),
    });
    const { url } = await gateway.start();
    if (url === undefined) throw new Error("The gateway's ready line has no url.");
    const worker = supervise("worker", WORKER, { ...allocatorOf(env), EKM_SIGNING_KEY: signing.privateKeyFile });
    await worker.start();
    const { leaseSeconds, healthIntervalSeconds } = options.settings;
    const spans = { leaseMs: leaseSeconds * 1000, healthIntervalMs: healthIntervalSeconds * 1000 };
    const hasSmallDisk = storeSize !== undefined;
    return { aws, vendor, gatewayUrl: url, tokens, layout, spans, gateway, worker, hasSmallDisk, clockOffsetFile, close };
  } catch (error) {
    const tail = started.flatMap((process) => process.lastLines(15).map((line) => `  ${process.name}: ${line}`));
    await close();
    throw tail.length > 0
      ? new Error(`${error instanceof Error ? error.message : error}\n${tail.join("\n")}`, { cause: error })
      : error;
  }
}

function layoutOf({ directory, settings }: StackOptions): StackLayout {
  return {
    sources: join(directory, "sources"),
    restores: join(directory, "restores"),
    database: join(directory, "database"),
    checkpoints: join(directory, "checkpoints"),
    objects: settings.storeSize === undefined ? join(directory, "objects") : join(directory, "store", "objects"),
    logs: join(directory, "logs"),
  };
}

async function vendorAccount(aws: MockAws) {
  const known = (await aws.simulator.accounts.list()).find((account) => account.name === VENDOR_NAME);
  return aws.simulator.accounts.create({
    name: VENDOR_NAME,
    principal: VENDOR_PRINCIPAL,
    ...(known === undefined ? {} : { id: known.id }),
  });
}

function productEnvironment(
  options: StackOptions,
  layout: StackLayout,
  tokens: DevelopmentIssuer,
  endpoint: string,
  vendor: Vendor & { readonly accessKeyId: string; readonly secretAccessKey: string },
): Record<string, string> {
  return {
    ...options.inherited,
    EKM_DATABASE: join(layout.database, "ekm.sqlite"),
    EKM_STORE_DIR: layout.objects,
    EKM_CHECKPOINT_DIR: layout.checkpoints,
    EKM_ALLOWED_ROOTS: [layout.sources, layout.restores].map((root) => join(root, OWN)).join(delimiter),
    EKM_RESTORE_ROOT: join(layout.restores, OWN),
    EKM_KMS_ENDPOINT: endpoint,
    AWS_REGION: REGIONS[0],
    AWS_ACCESS_KEY_ID: vendor.accessKeyId,
    AWS_SECRET_ACCESS_KEY: vendor.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    EKM_VENDOR_AWS_ACCOUNT_ID: vendor.accountId,
    EKM_VENDOR_PRINCIPAL_ARN: vendor.principalArn,
    EKM_ALLOWED_REGIONS: REGIONS.join(","),
    EKM_KEY_LEASE_SECONDS: String(options.settings.leaseSeconds),
    EKM_HEALTH_INTERVAL_SECONDS: String(options.settings.healthIntervalSeconds),
    ...whereSet("EKM_WORKER_CONCURRENCY", options.settings.workerConcurrency),
    ...whereSet("EKM_DATABASE_RETENTION_DAYS", options.settings.databaseRetentionDays),
    ...whereSet("EKM_PROBES_PER_MINUTE", options.settings.probesPerMinute),
    EKM_JWT_ISSUER: tokens.issuer,
    EKM_JWT_AUDIENCE: tokens.audience,
    EKM_JWKS: tokens.jwksFile,
    EKM_CORS_ORIGINS: (options.corsOrigins ?? []).join(","),
    EKM_HOST: "127.0.0.1",
    EKM_LOG_LEVEL: "info",
  };
}

const whereSet = (variable: string, value: number | undefined): Record<string, string> =>
  value === undefined ? {} : { [variable]: String(value) };
