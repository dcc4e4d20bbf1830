// Opens an account key by KMS under a lease, as a worker does, backs a directory up with it and restores it, and stays alive after the lease
// has ended. Says what it did on stdout, one line of JSON each; goes on at each line of stdin.
import { createInterface } from "node:readline";
import { createLeaseKeeper, systemLeaseClock } from "@ekm/crypto-core";
import { openWrap, systemClock } from "@ekm/ekm";
import { CALL_LIMITS, createKmsAws } from "@ekm/kms-aws";
import { createFileObjectStore, runBackup, runRestore } from "@ekm/vault";

const { url, region, wrap, leaseMs, source, store, target } = JSON.parse(process.argv[2]);
const say = (event) => process.stdout.write(`${JSON.stringify({ event })}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const kms = createKmsAws({
  ...{ endpoint: url, allowedRegions: [region], ...CALL_LIMITS, concurrency: 1, vendorAccountId: "", vendorPrincipalArn: "" },
});
const leases = createLeaseKeeper({ clock: systemLeaseClock, durationMs: leaseMs });
const unwrap = async () => {
  const opened = await openWrap(kms.keyService, { ...wrap, ciphertext: Buffer.from(wrap.ciphertext, "base64") }, wrap.checkValue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return { kind: "unwrapped", key: opened.value };
};

async function work() {
  const leased = await leases.acquire(`${wrap.accountId}/${wrap.generation}`, unwrap);
  if (!leased.ok) throw new Error(JSON.stringify(leased.error));
  const held = {
    generation: wrap.generation,
    get key() {
      return leased.value.key;
    },
    gate: leased.value.gate,
    release: () => {},
    takeWrap: async () => true,
  };
  const access = async () => ({ ok: true, value: held });
  const ports = { objects: createFileObjectStore(store), keys: { forSealing: access, forReading: access }, clock: systemClock };
  const control = { signal: new AbortController().signal, progress: () => {} };
  const of = { accountId: wrap.accountId, backupId: "bkp_1" };
  const backup = await runBackup(ports, { ...of, attempt: "1", location: source, kind: "DIRECTORY" }, control);
  if (backup.kind !== "done") throw new Error(JSON.stringify(backup));
  const { generation, manifest } = backup.value;
  const request = { ...of, restoreId: "rst_1", generation, manifest, target, overwrite: false };
  const restored = await runRestore(ports, request, control);
  if (restored.kind !== "done") throw new Error(JSON.stringify(restored));
  return leased.value;
}

const leased = await work();
say("in use");
await lines.next();
leased.release();
leases.close(); // ends the lease, as the end of its time does
say("ended");
await lines.next();
globalThis.gc();
for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve)); // finalizers
say("collected");
await lines.next();
for (let n = 0; n < 200; n++) await kms.keyService.describeKey(wrap.keyArn);
globalThis.gc();
say("worked on");
await lines.next();
kms.close();
process.exit(0);
