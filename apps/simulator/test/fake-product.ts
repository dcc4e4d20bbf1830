import { appendFile, cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAwsClient } from "@ekm/mock-aws";

/** How the fake may be wrong, to see that an experiment finds it. */
export type Flaw =
  | "ignores-refusals"
  | "corrupts-restores"
  | "refuses-accounts"
  | "never-recovers"
  | "blames-the-policy"
  | "goes-on-writing";

const SLOW_BYTES = 100_000;
const SLOW_CHUNK = 1_000;

export interface FakeProduct {
  readonly url: string;
  flaw: Flaw | undefined;
  close(): Promise<void>;
}

interface FakeAccount {
  readonly id: string;
  readonly name: string;
  ekm: null | { status: string; keyArn?: string };
  lease: number;
  /** What the key said last. */
  problem: object | null;
}
interface FakeJob {
  readonly id: string;
  readonly copy: string;
  readonly accountId: string;
  status: string;
  problem: object | null;
  target?: string;
  bytesDone?: number;
  finishedAt?: string;
}

/**
 * The least that looks like the product over GraphQL: it asks the real (simulated) KMS before each job unless it has a live
 * lease, and copies directories. It answers by operation name and checks nothing that experiments do not look at.
 */
export async function startFakeProduct(options: {
  readonly kmsEndpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly directory: string;
  readonly leaseMs: number;
}): Promise<FakeProduct> {
  const accounts = new Map<string, FakeAccount>();
  const sources = new Map<string, { id: string; location: string; accountId: string }>();
  const jobs = new Map<string, FakeJob>();
  const kms = createAwsClient({ endpoint: options.kmsEndpoint, ...options.credentials, region: "us-east-1" });
  const slow: Promise<void>[] = [];
  let isClosed = false;
  let count = 0;
  const product: { flaw: Flaw | undefined } = { flaw: undefined };
  const newId = (): string => `id-${++count}`;

  async function askKey(account: FakeAccount, keyArn = account.ekm?.keyArn): Promise<object | null> {
    if (keyArn === undefined) return null;
    if (product.flaw === "ignores-refusals" && account.ekm?.keyArn) return null;
    if (product.flaw === "never-recovers" && account.problem) return account.problem;
    const context = { "ekm:account": account.id };
    const { status, body } = await kms.kms("GenerateDataKey", { KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: context });
    const disabled = body["__type"] === "DisabledException" && product.flaw !== "blames-the-policy";
    const code = disabled ? "KEY_DISABLED" : "KEY_ACCESS_DENIED";
    const problem = status === 200 ? null : { code, message: "", remedy: "", possibleCauses: [], retryable: false };
    account.lease = problem ? 0 : Date.now() + options.leaseMs;
    account.problem = problem;
    return problem;
  }
  const useKey = async (account: FakeAccount): Promise<object | null> => (Date.now() < account.lease ? null : askKey(account));

  function viewAccount(account: FakeAccount | undefined): object | null {
    if (!account) return null;
    const { ekm, problem, id, name } = account;
    const health = { state: problem ? "UNUSABLE" : "HEALTHY", problem, warnings: [] };
    const key = ekm?.keyArn ? { arn: ekm.keyArn, health } : null;
    return {
      id,
      name,
      keyManagement: key ? "ENTERPRISE" : "CLOUD",
      ekm: ekm && { status: ekm.status, key, terms: { version: "1" } },
    };
  }
  const viewJob = ({ id, status, problem, bytesDone = 0, finishedAt }: FakeJob): object => ({
    id,
    status,
    problem,
    progress: { bytesDone: String(bytesDone), bytesTotal: String(SLOW_BYTES) },
    startedAt: null,
    finishedAt: finishedAt ?? null,
  });

  /** A restore that takes long: it writes a little every 20 ms and asks the key when its lease has ended. */
  async function restoreSlowly(job: FakeJob, account: FakeAccount): Promise<void> {
    const staging = `${job.target}.ekm-staging-${job.id}.00000000`;
    await mkdir(staging);
    for (let bytesDone = 0; bytesDone < SLOW_BYTES && !isClosed; bytesDone += SLOW_CHUNK) {
      job.bytesDone = bytesDone;
      const problem = await useKey(account);
      const isOver = problem !== null && (product.flaw !== "goes-on-writing" || bytesDone > SLOW_BYTES - 2 * SLOW_CHUNK);
      if (isOver) {
        Object.assign(job, { status: "FAILED", problem, finishedAt: new Date().toISOString() });
        break;
      }
      await appendFile(join(staging, "data"), Buffer.alloc(SLOW_CHUNK));
      await sleep(20);
    }
    await rm(staging, { recursive: true });
  }
  const refusal = (code: string): object => ({
    userErrors: [{ code, message: code, remedy: "", retryable: false }],
    checks: [],
    usable: false,
  });

  async function answer(operation: string, role: string, variables: Record<string, never>): Promise<object> {
    const input = (variables["input"] ?? {}) as Record<string, string>;
    const account = accounts.get(input["accountId"] ?? "") as FakeAccount;
    switch (operation) {
      case "CreateAccount": {
        if (product.flaw === "refuses-accounts") return { createAccount: refusal("INPUT_INVALID") };
        const created: FakeAccount = { id: newId(), name: input["name"] ?? "", ekm: null, lease: 0, problem: null };
        accounts.set(created.id, created);
        return { createAccount: { account: viewAccount(created), userErrors: [] } };
      }
      case "ActivateEkm":
        if (role !== "SUPPORT") throw new Error("FORBIDDEN");
        account.ekm ??= { status: "ACTIVATED" };
        return { activateEkm: { account: viewAccount(account), userErrors: [] } };
      case "WithdrawEkmActivation":
        return { withdrawEkmActivation: refusal("EKM_IRREVERSIBLE") };
      case "ReadAccount":
      case "ReadTerms":
        return { account: viewAccount(accounts.get(variables["id"] ?? "")) };
      case "ValidateKmsKey": {
        const usable = (await askKey(account, input["keyArn"])) === null;
        const names = ["GENERATE_DATA_KEY", "DECRYPT", "DESCRIBE", "FOREIGN_CONTEXT_REFUSED", "EMPTY_CONTEXT_REFUSED"];
        const checks = names.map((check) => ({ check, verdict: usable ? "PASS" : "FAIL", code: null, message: "" }));
        return { validateKmsKey: { checks, usable, userErrors: [] } };
      }
      case "EnableEkm": {
        if (!account.ekm) return { enableEkm: refusal("EKM_NOT_ACTIVATED") };
        if (!input["confirmIrreversible"]) return { enableEkm: refusal("CONFIRMATION_MISSING") };
        if (await askKey(account, input["keyArn"])) return { enableEkm: refusal("KEY_ACCESS_DENIED") };
        account.ekm = { status: "ENABLED", ...(input["keyArn"] === undefined ? {} : { keyArn: input["keyArn"] }) };
        return { enableEkm: { account: viewAccount(account), checks: [], userErrors: [] } };
      }
      case "CheckKeyHealth": {
        const problem = await askKey(account);
        return { checkKeyHealth: { health: { state: problem ? "UNUSABLE" : "HEALTHY", problem, warnings: [] }, userErrors: [] } };
      }
      case "RegisterBackupSource": {
        const source = { id: newId(), name: "", location: input["location"] ?? "", accountId: account.id };
        sources.set(source.id, source);
        return { registerBackupSource: { source, userErrors: [] } };
      }
      case "StartBackup": {
        const problem = await useKey(account);
        const id = newId();
        const job: FakeJob = {
          id,
          accountId: account.id,
          copy: join(options.directory, id),
          status: problem ? "FAILED" : "SUCCEEDED",
          problem,
        };
        if (!problem) await cp(sources.get(input["sourceId"] ?? "")?.location ?? "", job.copy, { recursive: true });
        jobs.set(id, job);
        return { startBackup: { backup: viewJob(job), userErrors: [] } };
      }
      case "StartRestore": {
        const backup = jobs.get(input["backupId"] ?? "") as FakeJob;
        const problem = await useKey(accounts.get(backup.accountId) as FakeAccount);
        const target = input["target"] ?? "";
        if (input["maxBytesPerSecond"] !== undefined) {
          const job: FakeJob = { ...backup, id: newId(), status: "RUNNING", problem: null, target };
          jobs.set(job.id, job);
          slow.push(restoreSlowly(job, accounts.get(backup.accountId) as FakeAccount));
          return { startRestore: { restore: viewJob(job), userErrors: [] } };
        }
        if (!problem) {
          await cp(backup.copy, `${target}.staging`, { recursive: true });
          if (product.flaw === "corrupts-restores") await writeFile(join(`${target}.staging`, "Account.csv"), "damage");
          await rename(`${target}.staging`, target);
        }
        const job: FakeJob = { ...backup, id: newId(), status: problem ? "FAILED" : "SUCCEEDED", problem, target };
        jobs.set(job.id, job);
        return { startRestore: { restore: viewJob(job), userErrors: [] } };
      }
      case "ReadJob":
        return { node: viewJob(jobs.get(variables["id"] ?? "") as FakeJob) };
      default:
        throw new Error(`no such operation: ${operation}`);
    }
  }

  const server = createServer(async (request, response) => {
    const { operationName, variables } = JSON.parse(await bodyOf(request));
    const role = request.headers.authorization?.replace("Bearer ", "").split(":")[0] ?? "";
    const body = await answer(operationName, role, variables).then(
      (data) => ({ data }),
      ({ message }: Error) => ({ errors: [{ message, extensions: { code: message } }] }),
    );
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(product, {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      isClosed = true;
      await Promise.all(slow);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
