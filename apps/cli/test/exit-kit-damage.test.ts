// Invariant: nothing that somebody does to an exit kit or to the copy of the objects makes it restore anything but the backup that the
// kit names: it says what is wrong, and nothing appears at the target.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { awsEnvironment, createProduct, type Product, writeSampleTree } from "./product.js";
import { ekm, ekmProcessIn, temporaryDirectory } from "./support.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let directory: string;
let remove: () => Promise<void>;
let product: Product;
let backup: string;
let early: string;
let place: string;
let kit: string;
let copy: string;
let tests = 0;
beforeAll(async () => {
  ({ directory, remove } = await temporaryDirectory());
  product = await createProduct(directory);
  await writeSampleTree(product.source);
  early = await product.backUp();
  await product.enable(await product.createKey());
  backup = await product.backUp();
  const [account, database, store] = [product.account.id, product.database, product.storeDirectory];
  const where = ["--account", account, "--database", database, "--store", store, "--out", path.join(directory, "kit")];
  expect((await ekm("exit-kit", "export", ...where)).status).toBe(0);
});
afterAll(async () => {
  await product.close();
  await remove();
});
/** Every test damages a kit and a copy of its own. */
beforeEach(async () => {
  place = path.join(directory, `test-${tests++}`);
  [kit, copy] = [path.join(place, "kit"), path.join(place, "copy")];
  await cp(path.join(directory, "kit"), kit, { recursive: true });
  await cp(product.storeDirectory, copy, { recursive: true });
});

const open = () =>
  ekmProcessIn(
    awsEnvironment(product.aws, product.customer),
    ...["exit-kit", "open", "--kit", kit, "--store", copy, "--backup", backup, "--target", path.join(place, "restored")],
  );
const editKit = async (change: (json: string) => string) =>
  writeFile(path.join(kit, "kit.json"), change(await readFile(path.join(kit, "kit.json"), "utf8")));
const objectsOf = async () =>
  (await readdir(path.join(copy, product.account.id, backup), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

it.each<[string, number, string, () => Promise<unknown>]>([
  ["an object is gone", 1, "BACKUP_CORRUPT", async () => rm((await objectsOf())[0] ?? "")],
  [
    "an object was changed",
    1,
    "BACKUP_CORRUPT",
    async () => {
      const [file = ""] = await objectsOf();
      const bytes = await readFile(file);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
      await writeFile(file, bytes);
    },
  ],
  [
    "the digest of the manifest is another",
    1,
    "BACKUP_CORRUPT",
    () => editKit((json) => json.replace(/"digest": "[0-9a-f]{8}/, '"digest": "00000000')),
  ],
  [
    "the check value is another",
    4,
    "KMS_ANSWER_INVALID",
    () => editKit((json) => json.replaceAll(/"checkValue": "[0-9a-f]{8}/g, '"checkValue": "00000000')),
  ],
  ["the wraps belong to other generations", 4, "", () => editKit(swapCiphertexts)],
  [
    "the context is another account's",
    5,
    "not an exit kit",
    () => editKit((json) => json.replace('"ekm:account": "', '"ekm:account": "x')),
  ],
  ["a key ARN is none", 5, "not an exit kit", () => editKit((json) => json.replace('"keyArn": "arn:', '"keyArn": "urn:'))],
  ["the account is a path", 5, "not an id", () => editKit((json) => json.replaceAll(product.account.id, "../x"))],
  ["the kit is cut short", 5, "not JSON", () => editKit((json) => json.slice(0, -10))],
  [
    "the kit is of a version to come",
    5,
    "not an exit kit",
    () => editKit((json) => json.replace('"version": 1', '"version": 2')),
  ],
  ["the kit is gone", 5, "ENOENT", () => rm(kit, { recursive: true })],
  ["the generation's key is not in it", 4, "ACCOUNT_KEY_UNREADABLE", () => editKit(withoutGenerations)],
])("%s", async (_what, status, message, damage) => {
  await damage();
  // Key records could heal what was done to the kit: this is about the kit.
  await rm(path.join(copy, product.account.id, "keys"), { recursive: true });
  expect(await open()).toMatchObject({ status, out: "", error: expect.stringContaining(message) });
  expect((await readdir(place)).filter((name) => name.startsWith("restored"))).toEqual([]);
});

it("a kit whose wraps were damaged is healed by the records that lie with the objects", async () => {
  await editKit(swapCiphertexts);
  expect(await open()).toMatchObject({ status: 0 });
});

it("a damaged key record is named, not passed over", async () => {
  await editKit(swapCiphertexts);
  const keys = path.join(copy, product.account.id, "keys");
  for (const record of await readdir(keys)) await writeFile(path.join(keys, record), "{}");
  expect(await open()).toMatchObject({ status: 5, error: expect.stringContaining("is damaged") });
});

it("the kit, undamaged, restores", async () => {
  expect(await open()).toMatchObject({ status: 0, error: "" });
});

it("a backup's manifest does not pass for another's", async () => {
  const [own, other] = [backup, early].map((id) => path.join(copy, product.account.id, id));
  await rm(own ?? "", { recursive: true });
  await cp(other ?? "", own ?? "", { recursive: true });
  expect(await open()).toMatchObject({ status: 1, error: expect.stringContaining("BACKUP_CORRUPT") });
});

interface KitJson {
  generations: { ciphertext: string }[];
}

function swapCiphertexts(json: string): string {
  const value = JSON.parse(json) as KitJson;
  const [first, second] = value.generations;
  if (first === undefined || second === undefined) throw new Error("two generations are needed");
  [first.ciphertext, second.ciphertext] = [second.ciphertext, first.ciphertext];
  return JSON.stringify(value);
}

function withoutGenerations(json: string): string {
  return JSON.stringify({ ...(JSON.parse(json) as KitJson), generations: [] });
}
