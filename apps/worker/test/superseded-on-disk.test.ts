// Invariant: once enabling has been superseded, no file of ours holds a wrap that the vendor's key opens, not in free pages, not in
// the log, not beside the backups, whatever attempts died before; the vendor's key of that account alone is scheduled for deletion.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Account, CURRENT_TERMS, createUseCases, ensureOpenGeneration } from "@ekm/ekm";
import { tenantCaller } from "@ekm/ekm/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { content, type Installation, install, type Process } from "./support/installation.js";

let installation: Installation;
let product: Process;
beforeEach(async () => {
  installation = await install();
  product = await installation.start();
});
afterEach(async () => {
  await product.close();
  await installation.remove();
});

/** An account with many generations under the vendor's key, the last of them with a backup, and all with their records. */
async function withGenerations(name: string, count: number): Promise<Account> {
  const account = await product.createActivated(name);
  await content.write(installation, account, name);
  for (let n = 0; n < count; n += 1) await nextGeneration(account);
  await product.queueBackup(account, await product.source(account));
  await product.runAll();
  const { store, keyRecords } = product.ports;
  for (const { generation, checkValue } of await store.read.keys.generations(account.id)) {
    const wrap = await store.read.keys.currentWrap(account.id, generation);
    if (wrap) await keyRecords.put(wrap, checkValue);
  }
  return account;
}

async function nextGeneration(account: Account): Promise<void> {
  await product.ports.store.transaction(async (tx) => {
    for (const { generation, closedAt } of await tx.keys.generations(account.id)) {
      if (closedAt === undefined) await tx.keys.closeGeneration(account.id, generation, new Date());
    }
  });
  expect(await ensureOpenGeneration(product.ports, account.id)).toMatchObject({ ok: true });
}

/** What every ciphertext of one KMS key begins with here: the key's tag, as bytes and as its base64 at the start of a text. */
async function marksOf(account: Account): Promise<readonly Buffer[]> {
  const [wrap] = await product.ports.store.read.keys.wraps(account.id);
  if (wrap === undefined) throw new Error("no wrap");
  const tag = Buffer.from(wrap.ciphertext.subarray(0, 16));
  return [tag, Buffer.from(tag.subarray(0, 15).toString("base64")), Buffer.from(tag.toString("hex"))];
}

/** Where any of these is found: `database/ekm.sqlite-wal`, `objects/.../keys/...`, with the number of times. */
async function found(marks: readonly Buffer[]): Promise<Record<string, number>> {
  const places: Record<string, number> = {};
  for (const entry of await readdir(installation.directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    let times = 0;
    for (const mark of marks) for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) times += 1;
    if (times > 0) places[path.relative(installation.directory, file)] = times;
  }
  return places;
}
const inDatabase = (places: Record<string, number>) => Object.keys(places).filter((name) => name.startsWith("database/"));
const inObjects = (places: Record<string, number>) => Object.keys(places).filter((name) => name.startsWith("objects/"));

const vendorKeyOf = async ({ id }: Account) => (await product.ports.store.read.accounts.byId(id))?.vendorKey;

it("nothing of 40 generations is left in any file, and all of another account's is", async () => {
  const account = await withGenerations("Acme", 40);
  const other = await withGenerations("Other", 40);
  const [marks, others] = [await marksOf(account), await marksOf(other)];
  const before = await found(marks);
  expect(inDatabase(before)).not.toEqual([]);
  expect(inObjects(before)).toHaveLength(40);

  await product.enable(account, installation.kms.addKey({ boundTo: account.id }).arn);
  await nextGeneration(other);
  await product.runAll();

  expect(await found(marks)).toEqual({});
  const stillThere = await found(others);
  expect(inDatabase(stillThere)).not.toEqual([]);
  expect(inObjects(stillThere)).toHaveLength(40);

  const vendorKey = await vendorKeyOf(account);
  expect(vendorKey?.deletionDate).toBeInstanceOf(Date);
  expect(installation.kms.key(vendorKey?.arn ?? "").state).toBe("PendingDeletion");
  const otherKey = await vendorKeyOf(other);
  expect(otherKey?.deletionDate).toBeUndefined();
  expect(installation.kms.key(otherKey?.arn ?? "").state).toBe("Enabled");
}, 60_000);

it("nothing is left of six accounts whose rows lie among each other's, enabled in turn with attempts that died in between", async () => {
  const accounts: Account[] = [];
  for (let n = 0; n < 6; n += 1) accounts.push(await withGenerations(`Account ${n}`, 1));
  for (let n = 0; n < 25; n += 1) for (const account of accounts) await nextGeneration(account);
  for (const [at, account] of accounts.entries()) {
    const marks = await marksOf(account);
    expect(inDatabase(await found(marks))).not.toEqual([]);
    const { arn } = installation.kms.addKey({ boundTo: account.id });
    let puts = 0;
    const keyRecords = {
      ...product.ports.keyRecords,
      put: (...args: Parameters<typeof product.ports.keyRecords.put>) => {
        puts += 1;
        return puts > 3 * at ? Promise.reject(new Error("died")) : product.ports.keyRecords.put(...args);
      },
    };
    const input = { keyArn: arn, acceptedTermsVersion: CURRENT_TERMS.version, confirmIrreversible: true };
    const dying = createUseCases({ ...product.ports, keyRecords });
    await expect(dying.enableEkm(tenantCaller(account), input)).rejects.toThrow("died");
    await product.enable(account, arn);
    await product.runAll();
    expect(await found(marks), account.name).toEqual({});
  }
}, 120_000);

it("the log is emptied although another process has the database open and reads it", async () => {
  const account = await withGenerations("Acme", 5);
  const marks = await marksOf(account);
  const other = await installation.start();
  await product.enable(account, installation.kms.addKey({ boundTo: account.id }).arn);
  const reading = setInterval(() => void other.ports.store.read.keys.wraps(account.id), 1);
  await product.runAll();
  clearInterval(reading);
  expect(await found(marks)).toEqual({});
  await other.close();
});
