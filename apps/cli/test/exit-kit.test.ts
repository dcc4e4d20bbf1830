// Invariant: with an exit kit, a copy of the objects and the customer's own right to its KMS key a backup is restored byte for byte,
// without the vendor's database, processes and permissions; and the kit alone, or with the vendor's credentials, opens nothing.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { whenInterop } from "../../../interop/test/peer.js";
import { awsEnvironment, contentOf, createProduct, type Product, writeSampleTree } from "./product.js";
import { ekm, ekmProcessIn, temporaryDirectory } from "./support.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let directory: string;
let remove: () => Promise<void>;
let product: Product;
let kit: string;
let copy: string;
let target: string;
beforeEach(async () => {
  ({ directory, remove } = await temporaryDirectory());
  product = await createProduct(directory);
  [kit, copy, target] = [path.join(directory, "kit"), path.join(directory, "copy"), path.join(directory, "restored")];
  await writeSampleTree(product.source);
});
afterEach(async () => {
  await product.close();
  await remove();
});

const exportKit = (...more: readonly string[]) =>
  ekm(
    ...["exit-kit", "export", "--account", product.account.id, "--database", product.database],
    ...["--store", product.storeDirectory, "--out", kit, ...more],
  );
const openKit = (who: Product["customer"], backup: string, ...more: readonly string[]) =>
  ekmProcessIn(
    awsEnvironment(product.aws, who),
    ...["exit-kit", "open", "--kit", kit, "--store", copy, "--backup", backup, "--target", target, ...more],
  );

describe("a customer leaves", () => {
  let early: string;
  let backup: string;
  let keyArn: string;
  beforeEach(async () => {
    early = await product.backUp();
    keyArn = await product.createKey();
    await product.enable(keyArn);
    backup = await product.backUp();
  });

  /** The customer takes every permission of the vendor's away. */
  async function shutTheVendorOut(): Promise<void> {
    const root = { AWS: `arn:aws:iam::${product.customer.id}:root` };
    const statement = { Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { status } = await product.customerClient().kms("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy });
    expect(status).toBe(200);
  }

  it("and restores everything with its own principal, the vendor and its database gone", async () => {
    const exported = await exportKit("--by", "ada");
    expect(exported).toMatchObject({ status: 0, error: "" });
    expect(exported.out).toContain("2 generations of the key, 2 backups");
    await shutTheVendorOut();
    await product.vanish(copy);

    const asVendor = await openKit(product.vendor, backup);
    expect(asVendor).toMatchObject({ status: 4, error: expect.stringContaining("KEY_ACCESS_DENIED") });
    expect(await readdir(directory)).not.toContain("restored");

    // The first one was made under the vendor's key, before the customer had one here.
    for (const each of [backup, early]) {
      expect(await openKit(product.customer, each)).toMatchObject({ status: 0, error: "" });
      expect(await contentOf(target)).toEqual(await contentOf(product.source));
      await rm(target, { recursive: true });
    }
  });

  it.each(["eu-west-1", "eu-central-1"])(
    "and restores with a kit that is older than its last rotation, to a key in %s",
    async (region) => {
      expect((await exportKit()).status).toBe(0);
      await product.rotate(await product.createKey(region));
      expect((await product.customerClient().kms("DisableKey", { KeyId: keyArn })).status).toBe(200);
      await product.vanish(copy);
      expect(await openKit(product.customer, backup)).toMatchObject({ status: 0, error: "" });
      expect(await contentOf(target)).toEqual(await contentOf(product.source));
    },
  );

  whenInterop((_peer, python) => {
    it("and restores with the reader that lies in the kit, and nothing of ours", async () => {
      expect((await exportKit()).status).toBe(0);
      await shutTheVendorOut();
      await product.vanish(copy);
      const reader = path.join(kit, "reader.py");
      const env = {
        ...awsEnvironment(product.aws, product.customer),
        AWS_ENDPOINT_URL_KMS: product.aws.url,
        PYTHONDONTWRITEBYTECODE: "1",
      };
      const run = (...args: readonly string[]) => promisify(execFile)(python, [reader, ...args, "--kit", kit], { env });
      expect((await run("list")).stdout).toContain(backup);
      await run("restore", "--store", copy, "--backup", backup, "--target", target);
      expect(await contentOf(target)).toEqual(await contentOf(product.source));
      await rm(target, { recursive: true });
      const asVendor = { ...env, ...awsEnvironment(product.aws, product.vendor) };
      const refused = promisify(execFile)(
        python,
        [reader, "restore", "--kit", kit, "--store", copy, "--backup", backup, "--target", target],
        {
          env: asVendor,
        },
      );
      await expect(refused).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("AccessDenied") });
      expect(await readdir(directory)).not.toContain("restored");
    });
  });

  it("the kit holds no key in clear, is for its owner's eyes, and its export is in the audit log", async () => {
    const { out } = await exportKit("--by", "ada");
    const json = await readFile(path.join(kit, "kit.json"));
    expect(out).toContain(createHash("sha256").update(json).digest("hex"));
    expect((await readdir(kit)).sort()).toEqual(["README.md", "format.md", "kit.json", "reader.py", "requirements.txt"]);
    const { generations, backups } = JSON.parse(json.toString());
    expect(backups).toEqual([backup, early].map((id) => expect.objectContaining({ id, bytes: "3070025", items: "5" })));
    expect(generations).toHaveLength(2);
    const context = { accountId: product.account.id, purpose: "account-key" };
    for (const { generation, ciphertext, keyArn: arn, region, encryptionContext } of generations) {
      expect({ arn, region }).toEqual({ arn: keyArn, region: "eu-west-1" });
      const opened = await product.customerClient().kms("Decrypt", {
        ...{ KeyId: arn, CiphertextBlob: ciphertext },
        EncryptionContext: {
          "ekm:account": context.accountId,
          "ekm:purpose": context.purpose,
          "ekm:generation": `${generation}`,
        },
      });
      expect(opened.status).toBe(200);
      expect(encryptionContext).toEqual({
        "ekm:account": context.accountId,
        "ekm:purpose": context.purpose,
        "ekm:generation": `${generation}`,
      });
      const key = Buffer.from(opened.body["Plaintext"] as string, "base64");
      for (const name of await readdir(kit)) {
        const file = await readFile(path.join(kit, name));
        for (const form of [key, key.toString("base64"), key.toString("hex")]) expect(file.includes(form)).toBe(false);
      }
    }
    const [last] = await product.auditLog();
    expect(last).toMatchObject({ action: "EXIT_KIT_EXPORTED", actor: "operator:ada", outcome: "DONE" });
  });

  it("an export that refers to what is missing or changed says so, and is written all the same", async () => {
    const { objectName } = (await product.store.read.backups.byId(backup))?.manifest ?? { objectName: "" };
    await writeFile(path.join(product.storeDirectory, objectName), "something else");
    const keys = path.join(product.storeDirectory, product.account.id, "keys");
    const [record] = await readdir(keys);
    await rm(path.join(keys, record ?? ""));
    const { status, error } = await exportKit();
    expect(status).toBe(1);
    expect(error).toMatch(/backup bkp_\w+: its manifest .* was changed/);
    expect(error).toMatch(/generation \d: its key record is missing/);
    await rm(kit, { recursive: true });
    await rm(path.join(product.storeDirectory, objectName));
    expect((await exportKit()).error).toMatch(/backup bkp_\w+: its manifest .* is missing/);
    expect(await readdir(kit)).toContain("kit.json");
  });

  it("never writes over a directory that is there", async () => {
    await mkdir(kit);
    expect(await exportKit()).toMatchObject({ status: 5, error: expect.stringContaining("EEXIST") });
    expect((await readdir(directory)).filter((name) => name.startsWith("kit"))).toEqual(["kit"]);
  });

  it("the target is not touched unless it may be replaced", async () => {
    await exportKit();
    await cp(product.storeDirectory, copy, { recursive: true });
    await mkdir(target);
    await writeFile(path.join(target, "mine"), "mine");
    expect(await openKit(product.customer, backup)).toMatchObject({
      status: 5,
      error: expect.stringContaining("RESTORE_TARGET_INVALID"),
    });
    expect(await readdir(target)).toEqual(["mine"]);
    expect((await openKit(product.customer, backup, "--overwrite")).status).toBe(0);
    expect(await contentOf(target)).toEqual(await contentOf(product.source));
  });
});

describe("what cannot be exported", () => {
  it("an account in Cloud Key Management: nobody but the vendor could open it", async () => {
    await product.backUp();
    expect(await exportKit()).toMatchObject({ status: 1, error: expect.stringContaining("wrapped by the vendor's key") });
    expect(await readdir(directory)).not.toContain("kit");
  });

  it("an account that is not there, and a database that is not one", async () => {
    const args = (database: string) => [
      "exit-kit",
      "export",
      "--account",
      "acc_x",
      "--database",
      database,
      "--store",
      directory,
      "--out",
      kit,
    ];
    expect(await ekm(...args(product.database))).toMatchObject({
      status: 2,
      error: expect.stringContaining("there is no account acc_x"),
    });
    expect(await ekm(...args(path.join(directory, "none")))).toMatchObject({ status: 3 });
    const other = path.join(directory, "other");
    await writeFile(other, "not a database, but long enough to look like one");
    expect(await ekm(...args(other))).toMatchObject({ status: 3 });
    expect(await readFile(other, "utf8")).toContain("not a database");
  });

  it.each([
    [["exit-kit", "export"], "--account is missing"],
    [["exit-kit", "export", "--account", ""], "--account is missing"],
    [["exit-kit", "open", "--kit", "x"], "--store is missing"],
    [["exit-kit", "open", "--whatever"], "--whatever"],
    [["exit-kit"], "there is no command"],
  ])("%j is a wrong use", async (args, message) => {
    expect(await ekm(...args)).toMatchObject({ status: 2, error: expect.stringContaining(message) });
  });
});
