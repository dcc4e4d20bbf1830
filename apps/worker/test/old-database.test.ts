// Invariant: an old copy of our own database loses no key. While the former key still opens, everything works with it at once; when
// it is gone, rotating (or enabling) again to the key that the account had come to takes the keys from their records beside the
// backups, and earlier backups are restored byte for byte.
import path from "node:path";
import type { Account } from "@ekm/ekm";
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

async function backUp(account: Account, source: string): Promise<string> {
  const backup = await product.queueBackup(account, source);
  await product.runAll();
  return backup;
}
const backupOf = async (id: string) => product.ports.store.read.backups.byId(id);

async function expectRestored(account: Account, backup: string, text: string): Promise<void> {
  const restore = await product.queueRestore(account, backup);
  await product.runAll();
  const ended = await product.ports.store.read.restores.byId(restore);
  expect(ended).toMatchObject({ status: "SUCCEEDED" });
  expect(await content.restored(ended?.target ?? "")).toBe(text);
}

async function rotate(account: Account, keyArn: string): Promise<void> {
  const begun = await product.useCases.rotateEkmKey(tenantCaller(account), { keyArn });
  if (!begun.ok) throw new Error(JSON.stringify(begun.error));
  const { id } = begun.value.rotation;
  await expect
    .poll(
      async () => {
        await product.runAll();
        return (await product.ports.store.read.rotations.byId(id))?.status;
      },
      { timeout: 20_000 },
    )
    .toBe("COMPLETED");
}

/** Stops the product, does something with its files, and starts it again. */
async function whileStopped(work: () => Promise<void>): Promise<void> {
  await product.close();
  await work();
  product = await installation.start();
}

/** An account with one backup under its key `first`; then a copy of the database; then the rotation to `second`, to its end. */
async function rotatedSinceTheCopy() {
  const account = await product.createActivated("Acme");
  await content.write(installation, account, "in the cloud");
  const source = await product.source(account);
  const cloud = await backUp(account, source);
  const [first, second] = [installation.kms.addKey({ boundTo: account.id }), installation.kms.addKey({ boundTo: account.id })];
  await product.enable(account, first.arn);
  await product.runAll();
  await content.write(installation, account, "under the first key");
  const early = await backUp(account, source);
  const copy = path.join(installation.directory, "copy");
  await whileStopped(() => installation.copyDatabase(copy));
  await rotate(account, second.arn);
  const records = await product.ports.keyRecords.list(account.id);
  expect(records.map(({ keyArn }) => keyArn)).toEqual([second.arn, second.arn]);
  return { account, source, cloud, early, first, second, copy };
}

it("within its retention: the former key still opens, and backups and restores work at once", async () => {
  const { account, source, cloud, early, copy } = await rotatedSinceTheCopy();
  await whileStopped(() => installation.restoreDatabase(copy));
  await expectRestored(account, cloud, "in the cloud");
  await expectRestored(account, early, "under the first key");
  await content.write(installation, account, "after the disaster");
  const late = await backUp(account, source);
  expect(await backupOf(late)).toMatchObject({ status: "SUCCEEDED" });
  await expectRestored(account, late, "after the disaster");
}, 60_000);

it.each([
  ["disabled", { state: "Disabled" } as const, "KEY_DISABLED"],
  ["deleted", { state: "Deleted" } as const, "KEY_ACCESS_DENIED"],
])(
  "the former key is %s by now: nothing is served, until the account is rotated again to its later key",
  async (_, fault, code) => {
    const { account, source, cloud, early, first, second, copy } = await rotatedSinceTheCopy();
    Object.assign(first, fault);
    await whileStopped(() => installation.restoreDatabase(copy));
    const refused = await backUp(account, source);
    expect(await backupOf(refused)).toMatchObject({ status: "FAILED", problem: { code } });

    await rotate(account, second.arn);
    const events = await product.ports.store.read.audit.page(account.id, { first: 10 }, { action: "GENERATION_REWRAPPED" });
    expect(events.items).toHaveLength(2);
    for (const { detail } of events.items) expect(detail).toContain("its record beside the backups");
    await expectRestored(account, cloud, "in the cloud");
    await expectRestored(account, early, "under the first key");
    await content.write(installation, account, "after the disaster");
    const late = await backUp(account, source);
    await expectRestored(account, late, "after the disaster");
    const records = await product.ports.keyRecords.list(account.id);
    expect(records.map(({ generation, keyArn }) => [generation, keyArn])).toEqual([
      [1, second.arn],
      [2, second.arn],
    ]);
  },
  60_000,
);

it("from before enabling: the vendor's key is on its way out; enabling again with the same key takes the records", async () => {
  const account = await product.createActivated("Acme");
  await content.write(installation, account, "in the cloud");
  const source = await product.source(account);
  const cloud = await backUp(account, source);
  const copy = path.join(installation.directory, "copy");
  await whileStopped(() => installation.copyDatabase(copy));
  const key = installation.kms.addKey({ boundTo: account.id });
  await product.enable(account, key.arn);
  await product.runAll();
  expect(installation.kms.vendorOwned.map(({ state }) => state)).toEqual(["PendingDeletion"]);

  await whileStopped(() => installation.restoreDatabase(copy));
  const refused = await backUp(account, source);
  expect(await backupOf(refused)).toMatchObject({ status: "FAILED" });
  await product.enable(account, key.arn);
  await product.runAll();
  await expectRestored(account, cloud, "in the cloud");
  const late = await backUp(account, source);
  await expectRestored(account, late, "in the cloud");
}, 60_000);

it("a row that was damaged is stood in for by its record when the account is rotated", async () => {
  const { account, early, first, second, copy } = await rotatedSinceTheCopy();
  await whileStopped(() => installation.restoreDatabase(copy));
  const { store } = product.ports;
  const wrap = await store.read.keys.currentWrap(account.id, 2);
  if (wrap === null) throw new Error("no wrap");
  await store.transaction(async (tx) => {
    await tx.keys.deleteWrap(account.id, 2, first.arn);
    await tx.keys.insertWrap({ ...wrap, ciphertext: wrap.ciphertext.map((byte, at) => (at === 60 ? byte ^ 1 : byte)) });
  });
  await rotate(account, second.arn);
  await expectRestored(account, early, "under the first key");
}, 60_000);

it("a generation that was born after the copy keeps its record, although another of its number is born now", async () => {
  const { account, source, second, copy } = await rotatedSinceTheCopy();
  const { store, clock } = product.ports;
  await store.transaction((tx) => tx.keys.closeGeneration(account.id, 2, clock.now()));
  await backUp(account, source);
  const lost = (await product.ports.keyRecords.list(account.id)).find(({ generation }) => generation === 3);
  expect(lost).toMatchObject({ keyArn: second.arn });
  await whileStopped(() => installation.restoreDatabase(copy));
  await product.ports.store.transaction((tx) => tx.keys.closeGeneration(account.id, 2, clock.now()));
  await backUp(account, source);
  const third = installation.kms.addKey({ boundTo: account.id });
  await rotate(account, third.arn);
  const records = (await product.ports.keyRecords.list(account.id)).filter(({ generation }) => generation === 3);
  expect(records).toHaveLength(2);
  expect(records).toContainEqual(lost);
}, 60_000);
