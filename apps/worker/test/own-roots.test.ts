// Invariant: no account reads or writes another's directory, whatever it names and whatever links lie there, when it asks and
// again when the job runs; and it learns nothing of what is there.
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import type { Account } from "@ekm/ekm";
import { tenantCaller } from "@ekm/ekm/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { content, type Installation, install, type Process } from "./support/installation.js";

let installation: Installation;
let product: Process;
let own: Account;
let foreign: Account;
beforeEach(async () => {
  installation = await install();
  product = await installation.start();
  own = await product.createActivated("Own");
  foreign = await product.createActivated("Foreign");
  await content.write(installation, own, "own");
  await content.write(installation, foreign, "foreign secret");
});
afterEach(async () => {
  await product.close();
  await installation.remove();
});

const register = (location: string) =>
  product.useCases.registerBackupSource(tenantCaller(own), { name: "x", kind: "DIRECTORY", location });
const restoreTo = (backupId: string, target: string) =>
  product.useCases.startRestore(tenantCaller(own), { backupId, target, overwrite: true });
const plain = (outcome: unknown) => JSON.parse(JSON.stringify(outcome));

it("a source of another account is refused like one that is not there, also over links", async () => {
  await symlink(installation.own(foreign, "data"), installation.own(own, "link"));
  await symlink(installation.own(foreign, "no-such"), installation.own(own, "dangling"));
  const missing = plain(await register(installation.own(foreign, "no-such")));
  expect(missing).toMatchObject({ ok: false, error: [{ code: "INPUT_INVALID", field: ["input", "location"] }] });
  const locations = [
    installation.own(foreign, "data"),
    installation.own(foreign),
    installation.own({ id: "acc_never_given" }, "data"),
    installation.own(own, "link"),
    installation.own(own, "dangling"),
    `${installation.own(own)}`,
  ];
  for (const location of locations) expect(plain(await register(location)), location).toEqual(missing);
});

it("a target of another account is refused like one that is not there, also over links", async () => {
  const backupId = await product.queueBackup(own, await product.source(own));
  await product.runAll();
  await symlink(installation.own(foreign), installation.own(own, "link"));
  await symlink(installation.own({ id: "acc_none" }), installation.own(own, "dangling"));
  const missing = plain(await restoreTo(backupId, installation.own({ id: "acc_none" }, "x")));
  expect(missing).toMatchObject({ ok: false, error: [{ code: "RESTORE_TARGET_INVALID", field: ["input", "target"] }] });
  expect(plain(await restoreTo(backupId, installation.own(foreign, "data")))).toEqual(missing);
  const overLink = plain(await restoreTo(backupId, installation.own(own, "link", "data")));
  expect(overLink).toMatchObject({ ok: false });
  expect(plain(await restoreTo(backupId, installation.own(own, "dangling", "data")))).toEqual(overLink);
  expect(await content.restored(installation.own(foreign, "data"))).toBe("foreign secret");
});

it.each(["the directory", "a directory on the way", "the whole root"])(
  "a source becomes a link to another account's before the job runs: %s",
  async (what) => {
    await mkdir(installation.own(own, "deep", "data"), { recursive: true });
    await mkdir(installation.own(foreign, "deep", "data"), { recursive: true });
    await writeFile(installation.own(foreign, "deep", "data", "file.txt"), "foreign secret");
    const backup = await product.queueBackup(own, await product.source(own, "deep/data"));
    const place = { "the directory": ["deep", "data"], "a directory on the way": ["deep"], "the whole root": [] }[what] ?? [];
    await rename(installation.own(own, ...place), `${installation.directory}/aside`);
    await symlink(installation.own(foreign, ...place), installation.own(own, ...place));
    await product.runAll();
    expect(await product.ports.store.read.backups.byId(backup)).toMatchObject({
      status: "FAILED",
      problem: { code: "SOURCE_UNAVAILABLE" },
    });
    const stored = await readdir(installation.objects, { recursive: true }).catch(() => []);
    expect(stored.filter((name) => name.includes(backup) && name.endsWith("manifest"))).toEqual([]);
  },
);

it.each(["default", "named"])("a %s target becomes a link to another account's before the job runs", async (kind) => {
  const backup = await product.queueBackup(own, await product.source(own));
  await product.runAll();
  await mkdir(installation.own(own, "out"));
  const target = kind === "named" ? installation.own(own, "out", "restored") : undefined;
  const restore = await product.queueRestore(own, backup, target);
  const parent = kind === "named" ? "out" : "restores";
  await rm(installation.own(own, parent), { recursive: true, force: true });
  await mkdir(installation.own(foreign, "victim"));
  await symlink(installation.own(foreign, "victim"), installation.own(own, parent));
  await product.runAll();
  expect(await product.ports.store.read.restores.byId(restore)).toMatchObject({
    status: "FAILED",
    problem: { code: "RESTORE_TARGET_INVALID" },
  });
  expect(await readdir(installation.own(foreign, "victim"))).toEqual([]);
});

it("rows that name another account's places, however they came there, are not obeyed", async () => {
  const { store, ids, clock } = product.ports;
  const source = await product.source(own);
  const good = await product.queueBackup(own, source);
  await product.runAll();
  const forged = { id: ids.next("src"), accountId: own.id, name: "x", kind: "DIRECTORY", createdAt: clock.now() } as const;
  await store.transaction((tx) => tx.sources.insert({ ...forged, location: installation.own(foreign, "data") }));
  const backup = await product.queueBackup(own, forged.id);
  const restore = await store.read.restores.byId(await product.queueRestore(own, good));
  if (restore === null) throw new Error("no restore");
  const again = { ...restore, id: ids.next("rst"), target: installation.own(foreign, "data"), overwrite: true };
  await store.transaction(async (tx) => {
    await tx.restores.insert(again);
    await tx.jobs.enqueue({ id: ids.next("job"), kind: "RESTORE", accountId: own.id, subjectId: again.id, at: clock.now() });
  });
  await product.runAll();
  expect(await store.read.backups.byId(backup)).toMatchObject({ status: "FAILED", problem: { code: "SOURCE_UNAVAILABLE" } });
  expect(await store.read.restores.byId(again.id)).toMatchObject({
    status: "FAILED",
    problem: { code: "RESTORE_TARGET_INVALID" },
  });
  expect(await store.read.restores.byId(restore.id)).toMatchObject({ status: "SUCCEEDED" });
  expect(await content.restored(restore.target)).toBe("own");
  expect(await content.restored(installation.own(foreign, "data"))).toBe("foreign secret");
});
