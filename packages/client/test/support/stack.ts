import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import type { KnownRole } from "../../src/index.js";

const REGION = "eu-west-1";
const VENDOR = "111122223333";
const CUSTOMER = "444455556666";
const SCRIPTS = {
  gateway: fileURLToPath(new URL("../../../../apps/gateway/dist/main.js", import.meta.url)),
  worker: fileURLToPath(new URL("../../../../apps/worker/dist/main.js", import.meta.url)),
};

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** Resolves when the process says that it is ready; rejects, with what it said, when it ends before. */
async function start(name: keyof typeof SCRIPTS, env: Record<string, string>): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [SCRIPTS[name]], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("no pipes");
  const said: string[] = [];
  stderr.on("data", (text) => void said.push(String(text)));
  const first = await Promise.race([once(createInterface({ input: stdout }), "line"), exited.then(() => null)]);
  if (first === null) throw new Error(`the ${name} ended: ${said.join("").slice(-2000)}`);
  const { url = "" } = JSON.parse(String(first[0])) as { url?: string };
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** An issuer of tokens: the JWKS, and what signs with it. */
function createIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "EdDSA", use: "sig" }] },
    token(role: KnownRole, account?: string, expiresInSeconds = 600): string {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        sub: `${role.toLowerCase()}@example.com`,
        iss: "https://issuer.test",
        aud: "ekm",
        iat: now,
        exp: now + expiresInSeconds,
        "ekm:roles": [role],
        ...(account === undefined ? {} : { "ekm:account": account }),
      };
      const text = `${part({ alg: "EdDSA", kid: "k1" })}.${part(claims)}`;
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
    },
  };
}

/** The product as it runs: a gateway and a worker, each a process on its build, and an AWS in this one. */
export async function startStack(more: Record<string, string> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), "ekm-client-"));
  const aws = await startMockAws({ seed: 1 });
  const vendor = await aws.simulator.accounts.create({ id: VENDOR, name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ id: CUSTOMER, name: "customer" });
  const owner = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
  const issuer = createIssuer();
  const data = path.join(directory, "data");
  await mkdir(path.join(data, "crm"), { recursive: true });
  await writeFile(path.join(data, "crm", "accounts.csv"), "Id,Name\n1,Acme\n");
  const file = async (name: string, content: string | Buffer) => {
    const place = path.join(directory, name);
    await writeFile(place, content, { mode: 0o600 });
    return place;
  };
  const signingKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const env = {
    EKM_DATABASE: path.join(directory, "ekm.sqlite"),
    EKM_STORE_DIR: path.join(directory, "objects"),
    EKM_ALLOWED_ROOTS: data,
    EKM_SHARED_ROOTS: "true",
    EKM_RESTORE_ROOT: path.join(data, "restores"),
    EKM_KMS_ENDPOINT: aws.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: vendor.accessKeyId,
    AWS_SECRET_ACCESS_KEY: vendor.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    EKM_VENDOR_AWS_ACCOUNT_ID: VENDOR,
    EKM_VENDOR_PRINCIPAL_ARN: vendor.principalArn,
    EKM_ALLOWED_REGIONS: REGION,
    EKM_JWT_ISSUER: "https://issuer.test",
    EKM_JWT_AUDIENCE: "ekm",
    EKM_JWKS: await file("jwks.json", JSON.stringify(issuer.jwks)),
    EKM_SIGNING_KEY: await file("signing-key.pem", signingKey),
    EKM_WEBHOOK_KEY_FILE: await file("webhook-key", randomBytes(32)),
    EKM_PORT: "0",
    EKM_LOG_LEVEL: "error",
    ...more,
  };
  const running: Running[] = [];
  const close = async () => {
    await Promise.all(running.map((process) => process.stop()));
    await aws.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    for (const name of ["gateway", "worker"] as const) running.push(await start(name, env));
  } catch (error) {
    await close();
    throw error;
  }
  const [gateway] = running;
  return {
    url: `${gateway?.url}/graphql`,
    close,
    sourceLocation: path.join(data, "crm"),
    token: issuer.token,
    /** A key of the customer's, under this policy. */
    async createKey(): Promise<string> {
      const { status, body } = await owner.kms("CreateKey", {});
      if (status !== 200) throw new Error(`CreateKey: ${JSON.stringify(body)}`);
      return (body["KeyMetadata"] as { Arn: string }).Arn;
    },
    async putPolicy(keyArn: string, policy: string): Promise<void> {
      const { status, body } = await owner.kms("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy: policy });
      if (status !== 200) throw new Error(`PutKeyPolicy: ${JSON.stringify(body)}`);
    },
  };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;
