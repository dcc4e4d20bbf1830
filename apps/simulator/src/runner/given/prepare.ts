import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeSalesforceExport } from "../../data/salesforce-export.js";
import { accepted } from "../../product/accepted.js";
import { createAccount } from "../../product/accounts.js";
import { registerBackupSource } from "../../product/jobs.js";
import { HarnessFailure } from "../outcome.js";
import type { Act } from "../steps/act.js";
import { judgeAct } from "../steps/act-expectation.js";
import { activateEkm } from "../steps/do/activate-ekm.js";
import { enableEkm } from "../steps/do/enable-ekm.js";
import { startBackup } from "../steps/do/start-backup.js";
import type { World } from "../world.js";
import { makeKey } from "./key-kinds.js";
import { putPolicy } from "./put-policy.js";
import type { Given, GivenAccount } from "./schema.js";

/** Brings about what `given` asks for. Throws HarnessFailure: whatever fails here, the experiment has not begun. */
export async function prepare(given: Given, world: World, seed: number, progress: (text: string) => void): Promise<void> {
  progress("AWS accounts and keys");
  await createKeys(given, world);
  for (const [name, account] of Object.entries(given.accounts)) {
    progress(`account ${name} and its data`);
    await createProductAccount(name, account, world, seed);
  }
  for (const [name, { policy }] of Object.entries(given.keys)) {
    await putPolicy(world, world.key({ refersTo: "key", name }), policy);
  }
  for (const [name, account] of Object.entries(given.accounts)) {
    const reference = { refersTo: "account", name } as const;
    if (account.ekm === "none") continue;
    progress(`EKM of ${name}`);
    await actAccepted(activateEkm.run({ activateEkm: reference }, world), world);
    if (account.ekm === "enabled" && account.key)
      await actAccepted(enableEkm.run({ enableEkm: reference, key: account.key }, world), world);
  }
  for (const [name, { backups }] of Object.entries(given.accounts)) {
    for (let made = 0; made < backups; made++) {
      progress(`backup ${made + 1} of ${backups} of ${name}`);
      await actAccepted(startBackup.run({ startBackup: { refersTo: "account", name } }, world), world, { job: "SUCCEEDED" });
    }
  }
}

async function createKeys(given: Given, world: World): Promise<void> {
  const named = Object.values(given.keys).map(({ account }) => account);
  for (const name of new Set(["customer", ...named, ...Object.keys(given["aws-accounts"])])) {
    const { accounts } = world.target.control;
    const { id, accessKeyId, secretAccessKey } = await accounts.create({ name: `${world.id}-${name}` });
    const { organization } = given["aws-accounts"][name] ?? {};
    if (organization !== undefined) await accounts.update(id, { organizationId: organization });
    world.awsAccounts.set(name, { name, id, accessKeyId, secretAccessKey });
  }
  await findVendor(world);
  for (const [name, key] of Object.entries(given.keys)) {
    const owner = world.awsAccount({ refersTo: "aws-account", name: key.account });
    world.keys.set(name, await makeKey({ name, given: key, owner }, world));
  }
}

/** The product's own AWS account, which an experiment may suspend too. */
async function findVendor({ target, awsAccounts }: World): Promise<void> {
  const vendor = (await target.control.accounts.list()).find(({ id }) => id === target.vendor.accountId);
  if (!vendor) return;
  const { id, accessKeyId, secretAccessKey } = vendor;
  awsAccounts.set("vendor", { name: "vendor", id, accessKeyId, secretAccessKey });
}

async function createProductAccount(name: string, account: GivenAccount, world: World, seed: number): Promise<void> {
  const support = await world.session("SUPPORT");
  const productName = `${world.id}-${name}`;
  const created = accepted("createAccount", await createAccount(support, { name: productName }), `account ${name}`);
  const id = created.account?.id;
  if (id === undefined) throw new HarnessFailure(`The product answered no account for ${name}.`);
  const directory = join(world.target.sources(id), world.id, name);
  for (const own of [world.target.sources(id), world.target.restores(id)]) {
    world.atEnd(() => rm(own, { recursive: true, force: true }));
  }
  await writeSalesforceExport({
    directory,
    bytes: account.data.size,
    seed: account.data.seed ?? seedFor(seed, name),
    signal: world.signal,
  });
  const handle = {
    name,
    id,
    productName,
    sourceId: "",
    sourceDirectory: directory,
    ...(account.key && { keyName: account.key.name }),
  };
  const admin = await world.session("ACCOUNT_ADMIN", handle);
  const kind = account.data.kind === "salesforce-export" ? "SALESFORCE_EXPORT" : "DIRECTORY";
  const registered = accepted(
    "registerBackupSource",
    await registerBackupSource(admin, { accountId: id, name: "weekly export", kind, location: directory }),
    `source of ${name}`,
  );
  if (!registered.source) throw new HarnessFailure(`The product answered no source for ${name}.`);
  world.accounts.set(name, { ...handle, sourceId: registered.source.id });
}

async function actAccepted(act: Promise<Act>, world: World, expectation: { job?: "SUCCEEDED" } = {}): Promise<void> {
  const done = await act;
  const outcome = await judgeAct(done, expectation, world);
  if (outcome.kind === "held") return;
  const failed = (done.checks ?? []).filter(({ verdict }) => verdict === "FAIL").map(({ check, code }) => `${check} ${code}`);
  throw new HarnessFailure(`given: ${outcome.happened}${failed.length > 0 ? `; checks that failed: ${failed.join(", ")}` : ""}`);
}

function seedFor(seed: number, name: string): number {
  return createHash("sha256").update(`${seed}/${name}`).digest().readUInt32BE(0);
}
