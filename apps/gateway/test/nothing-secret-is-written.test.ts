// Invariant: key bytes, tokens, AWS credentials and what is backed up are in no log line, in no database file and in no stored object, whatever
// goes well or wrong, also at the most talkative log level.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createIds, type Role, systemClock } from "@ekm/ekm";
import { openStore } from "@ekm/persistence";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientOf } from "./support/client.js";
import { type ProductProcess, startProcess } from "./support/processes.js";
import { createSurroundings } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const PATIENCE = { timeout: 60_000, interval: 100 };
/** Incompressible, and long enough that it stands nowhere by chance. */
const MARKER = `plaintext ${randomBytes(24).toString("hex")} of a customer`;

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
let gateway: ProductProcess;
let worker: ProductProcess;
let signingKey: string;
const tokens: string[] = [];

beforeAll(async () => {
  surroundings = await createSurroundings();
  const directory = path.dirname(surroundings.variables.EKM_DATABASE);
  signingKey = String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(path.join(directory, "signing-key.pem"), signingKey);
  const variables = {
    ...surroundings.variables,
    EKM_SIGNING_KEY: path.join(directory, "signing-key.pem"),
    EKM_KEY_LEASE_SECONDS: "1",
    EKM_HEALTH_INTERVAL_SECONDS: "1",
    EKM_LOG_LEVEL: "trace",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  gateway = await startProcess("gateway", variables);
  worker = await startProcess("worker", variables);
}, 60_000);
afterAll(async () => {
  await Promise.all([gateway.stop(), worker.stop()]);
  await surroundings.aws.close();
}, 30_000);

const as = async (role: Role, account: string | undefined, query: string, variables: object = {}) => {
  const wish = { subject: "ada", roles: [role], ...(account === undefined ? {} : { account }) };
  const token = await surroundings.issuer.token(wish);
  tokens.push(token);
  return clientOf(gateway.url).ask(query, { token, variables });
};

/** A life in which things go well and wrong. */
async function live(): Promise<string> {
  const { owner, data } = surroundings;
  const tenants = tenantsOf({ ...surroundings, as });
  await mkdir(path.join(data, "crm"), { recursive: true });
  await writeFile(path.join(data, "crm", "file.csv"), `${MARKER}\n`.repeat(1000));
  const { account, key } = await tenants.enabled("Acme");
  const source = await tenants.source(account);
  const ended = async (id: string) => {
    const query =
      "query ($id: ID!) { node(id: $id) { ... on Backup { status } ... on Restore { status } ... on KeyRotation { rotation: status } } }";
    const { node } = (await as("ACCOUNT_ADMIN", account, query, { id })).data;
    return node.status ?? node.rotation;
  };
  const backup = await tenants.backup(account, source);
  await expect.poll(() => ended(backup), PATIENCE).toBe("SUCCEEDED");
  const { data: begun } = await as(
    "ACCOUNT_ADMIN",
    account,
    "mutation ($backup: ID!) { startRestore(input: { backupId: $backup }) { restore { id } } }",
    { backup },
  );
  await expect.poll(() => ended(begun.startRestore.restore.id), PATIENCE).toBe("SUCCEEDED");

  await owner.kms("DisableKey", { KeyId: key });
  await expect
    .poll(async () => {
      const refused = await tenants.backup(account, source);
      await expect.poll(() => ended(refused), PATIENCE).toMatch(/SUCCEEDED|FAILED/);
      return ended(refused);
    }, PATIENCE)
    .toBe("FAILED");
  await owner.kms("EnableKey", { KeyId: key });
  const next = await tenants.grantedKey(account);
  await expect
    .poll(async () => {
      const query =
        "mutation ($next: String!) { rotateEkmKey(input: { keyArn: $next }) { rotation { id } userErrors { code } } }";
      return (await as("ACCOUNT_ADMIN", account, query, { next })).data.rotateEkmKey.rotation?.id;
    }, PATIENCE)
    .toBeDefined();

  const forged = `${tokens[0]?.slice(0, -4)}AAAA`;
  tokens.push(forged);
  await clientOf(gateway.url).ask("{ viewer { subject } }", { token: forged });
  await as("ACCOUNT_ADMIN", account, `{ account(id: "${tokens[0]}") { nothing } }`);
  await fetch(`${gateway.url}/graphql`, { method: "POST", headers: { authorization: `Bearer ${tokens[0]}` }, body: "{ broken" });
  await fetch(`${gateway.url}/graphql?token=${tokens[0]}`, { headers: { "x-request-id": String(tokens[0]) } });
  return account;
}

/** The account's keys, as the customer may open them. */
async function accountKeys(account: string): Promise<Buffer[]> {
  const store = await openStore({
    sqlitePath: surroundings.variables.EKM_DATABASE,
    clock: systemClock,
    ids: createIds(systemClock),
  });
  try {
    const keys: Buffer[] = [];
    for (const { generation, ciphertext } of await store.read.keys.wraps(account)) {
      const { status, body } = await surroundings.owner.kms("Decrypt", {
        CiphertextBlob: Buffer.from(ciphertext).toString("base64"),
        EncryptionContext: { "ekm:account": account, "ekm:purpose": "account-key", "ekm:generation": String(generation) },
      });
      if (status === 200) keys.push(Buffer.from(String(body["Plaintext"]), "base64"));
    }
    return keys;
  } finally {
    await store.close();
  }
}

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

it("is in nothing that the product writes", { timeout: 180_000 }, async () => {
  const account = await live();
  const keys = await accountKeys(account);
  expect(keys.length).toBeGreaterThan(0);

  const forms = (bytes: Buffer) => [
    bytes,
    ...(["hex", "base64", "base64url"] as const).map((form) => Buffer.from(bytes.toString(form))),
  ];
  const pem = signingKey.split("\n").slice(1, -2).join("");
  const needles: readonly (readonly [string, Buffer])[] = [
    ...keys.flatMap((key) => forms(key).map((form) => ["an account key", form] as const)),
    ...tokens.map((token) => ["a token's signature", Buffer.from(token.slice(token.lastIndexOf(".") + 1, -4))] as const),
    ["the vendor's secret access key", Buffer.from(surroundings.variables.AWS_SECRET_ACCESS_KEY)],
    ["the signing key", Buffer.from(pem.slice(-40))],
    ["what was backed up", Buffer.from(MARKER)],
  ];
  const directory = path.dirname(surroundings.variables.EKM_DATABASE);
  const stored = [
    ...(await readdir(directory)).filter((name) => name.startsWith("ekm.sqlite")).map((name) => path.join(directory, name)),
    ...(await filesUnder(surroundings.variables.EKM_STORE_DIR)),
  ];
  expect(stored.length).toBeGreaterThan(3);
  const places: (readonly [string, Buffer])[] = [
    ["the gateway's output", Buffer.from(gateway.written())],
    ["the worker's output", Buffer.from(worker.written())],
    ...(await Promise.all(stored.map(async (file) => [path.relative(directory, file), await readFile(file)] as const))),
  ];
  // What is looked for can be found: it is where it belongs.
  expect(places[0]?.[1].length).toBeGreaterThan(1000);
  expect((await readFile(path.join(surroundings.data, "crm", "file.csv"))).includes(Buffer.from(MARKER))).toBe(true);
  const found = places.flatMap(([place, bytes]) =>
    needles.filter(([, needle]) => bytes.includes(needle)).map(([what]) => `${what} in ${place}`),
  );
  expect(found).toEqual([]);
});
