// Invariant: when a lease has ended, the account key's own bytes are gone from the process, and what remains of it and of the keys derived
// from it is no more than docs/assurance.md says: the promise is "not used after", and this counts what "not present" lacks.
import { spawn } from "node:child_process";
import { createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { expect, it } from "vitest";
import { countInMemory } from "./process-memory.js";
import { awsEnvironment } from "./product.js";
import { temporaryDirectory } from "./support.js";

const REGION = "eu-west-1";
const CONTEXT = { "ekm:account": "acc_1", "ekm:purpose": "account-key", "ekm:generation": "1" };

/** Counts in each phase of a process's life. */
async function scan() {
  const aws = await startMockAws();
  const { directory, remove } = await temporaryDirectory();
  try {
    const [source, store, target] = ["source", "objects", "restored"].map((name) => path.join(directory, name)) as [
      string,
      string,
      string,
    ];
    await mkdir(source);
    for (const name of ["a", "b", "c"]) await writeFile(path.join(source, name), randomBytes(3_000_000));
    const customer = await aws.simulator.accounts.create({ name: "customer" });
    const client = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
    const created = await client.kms("CreateKey");
    const keyArn = (created.body["KeyMetadata"] as { Arn: string }).Arn;
    const generated = await client.kms("GenerateDataKey", { KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: CONTEXT });
    const key = Buffer.from(generated.body["Plaintext"] as string, "base64");
    const checkValue = createHmac("sha256", key).update("ekm:key-check-value:v1").digest("hex");
    const wrap = { accountId: "acc_1", generation: 1, keyArn, checkValue, ciphertext: generated.body["CiphertextBlob"] };

    const settings = JSON.stringify({ url: aws.url, region: REGION, wrap, leaseMs: 60_000, source, store, target });
    const script = path.join(import.meta.dirname, "processes", "lease-holder.mjs");
    const child = spawn(process.execPath, ["--expose-gc", script, settings], {
      env: awsEnvironment(aws, customer),
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const next = async (): Promise<{ event: string }> => JSON.parse((await lines.next()).value as string);
      expect((await next()).event).toBe("in use");
      const header = await beginningOf(path.join(store, "acc_1", "bkp_1", "1", "000000"));
      const needles = { ...formsOf("account key", key), ...derivedKeys(key, header) };
      const count = () => countInMemory(child.pid as number, needles);
      const inUse = await count();
      const countAt = async (event: string) => {
        child.stdin.write("\n");
        expect((await next()).event).toBe(event);
        return count();
      };
      const counts = {
        inUse,
        ended: await countAt("ended"),
        collected: await countAt("collected"),
        workedOn: await countAt("worked on"),
      };
      child.stdin.write("\n");
      await once(child, "close");
      return counts;
    } finally {
      child.kill("SIGKILL");
    }
  } finally {
    await aws.close();
    await remove();
  }
}

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  const { buffer } = await handle.read(Buffer.alloc(1024), 0, 1024, 0).finally(() => handle.close());
  return buffer;
}

const formsOf = (name: string, key: Buffer) => ({
  [name]: key,
  [`${name}, base64`]: Buffer.from(key.toString("base64")),
  [`${name}, hex`]: Buffer.from(key.toString("hex")),
});

/** The keys of one object, from the header of its message: docs/format.md. */
function derivedKeys(accountKey: Buffer, header: Buffer): { readonly "data key": Buffer; readonly "content key": Buffer } {
  const contextEnd = 37 + header.readUInt16BE(35);
  const info = contextEnd + 2 + 2 + "ekm".length;
  const infoEnd = info + 2 + header.readUInt16BE(info);
  const wrapped = header.subarray(infoEnd + 2, infoEnd + 50);
  const decipher = createDecipheriv("aes-256-gcm", accountKey, header.subarray(infoEnd - 12, infoEnd));
  decipher.setAAD(header.subarray(37, contextEnd)).setAuthTag(wrapped.subarray(32));
  const dataKey = Buffer.concat([decipher.update(wrapped.subarray(0, 32)), decipher.final()]);
  const label = Buffer.concat([Buffer.from("0478", "hex"), Buffer.from("DERIVEKEY")]);
  const contentKey = Buffer.from(hkdfSync("sha512", dataKey, header.subarray(3, 35), label, 32));
  const bodyEnd = infoEnd + 50 + 1 + 4 + 32;
  const proof = createDecipheriv("aes-256-gcm", contentKey, Buffer.alloc(12)).setAAD(header.subarray(0, bodyEnd));
  proof.setAuthTag(header.subarray(bodyEnd, bodyEnd + 16)).final(); // throws unless it is the key of this message
  return { "data key": dataKey, "content key": contentKey };
}

/** Why the memory of a child cannot be read here; null where it can. */
function obstacle(): string | null {
  if (process.platform !== "linux") return "only Linux shows a process's memory in /proc";
  const scope = "/proc/sys/kernel/yama/ptrace_scope";
  const isBarred = existsSync(scope) && Number(readFileSync(scope, "utf8")) > 1;
  return isBarred ? "the kernel lets nobody read a child's memory (yama.ptrace_scope)" : null;
}

it("what remains of the keys after a lease's end", { timeout: 60_000 }, async (test) => {
  const reason = obstacle();
  if (reason !== null) {
    console.warn(`memory scan: skipped, ${reason}`);
    test.skip(reason);
  }
  const { inUse, ended, collected, workedOn } = await scan();
  console.table({ inUse, ended, collected, workedOn });
  // The scan sees keys where there are some; without this, zeros would prove nothing.
  for (const name of ["account key", "account key, base64"]) expect(inUse[name], name).toBeGreaterThan(0);

  for (const phase of [ended, collected, workedOn]) expect(phase).toMatchObject({ "account key": 0, "account key, hex": 0 });
  for (const phase of [collected, workedOn]) expect(phase).toMatchObject({ "data key": 0, "content key": 0 });
  // KMS answers in JSON over HTTP: text that JavaScript cannot overwrite. It does not multiply, and that is all that can be said.
  for (const phase of [ended, collected, workedOn]) {
    for (const name of Object.keys(inUse)) expect(phase[name], name).toBeLessThanOrEqual(inUse[name] as number);
  }
});
