// Invariant: every use of a key that AWS saw is explained by the audit log, by the trace of effects, or as one of the calls that are
// not audited one by one; a use that is none of these is named; and what AWS does not tell the key's owner is not held against the log.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type CloudTrailFile, type CloudTrailRecord, createAwsClient } from "@ekm/mock-aws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProduct, type Product, REGION, writeSampleTree } from "./product.js";
import { ekm, temporaryDirectory } from "./support.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let home: string;
let remove: () => Promise<void>;
let product: Product;
let keyArn: string;
let trails: { customers: string; vendors: string };
let log: string;

const trailOf = async (accountId: string): Promise<CloudTrailFile> =>
  (await (await fetch(`${product.aws.url}/_simulator/cloudtrail/${accountId}`)).json()) as CloudTrailFile;
async function save(name: string, trail: CloudTrailFile): Promise<string> {
  const file = path.join(home, name);
  await writeFile(file, JSON.stringify(trail));
  return file;
}

/** The product's life: enabled, a backup, the key disabled and denied in turn, each time with a backup that fails, then usable again. */
beforeAll(async () => {
  ({ directory: home, remove } = await temporaryDirectory());
  product = await createProduct(home);
  await writeSampleTree(product.source);
  keyArn = await product.createKey();
  await product.backUp();
  await product.enable(keyArn);
  await product.backUp();
  await product.probe();
  const owner = product.customerClient();
  const { body } = await owner.kms("GetKeyPolicy", { KeyId: keyArn, PolicyName: "default" });
  await owner.kms("DisableKey", { KeyId: keyArn });
  await backUpUntil("KEY_DISABLED");
  await owner.kms("EnableKey", { KeyId: keyArn });
  await owner.kms("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy: ownersAlone(product.customer.id) });
  await backUpUntil("KEY_ACCESS_DENIED");
  await owner.kms("PutKeyPolicy", { KeyId: keyArn, PolicyName: "default", Policy: body["Policy"] as string });
  await product.backUp();
  const [customers, vendors] = [await trailOf(product.customer.id), await trailOf(product.vendor.id)];
  trails = { customers: await save("customers.json", customers), vendors: await save("vendors.json", vendors) };
  log = path.join(home, "audit.jsonl");
  const exported = await ekm("audit", "export", "--database", product.database, "--account", product.account.id);
  await writeFile(log, `${exported.out}\n`);
});
afterAll(async () => {
  await product.close();
  await remove();
});

/** Backs up until that ends so: a lease that was granted before is used to its end, a second here. */
const backUpUntil = (end: string) =>
  vi.waitFor(
    async () => {
      const message = await product.backUp().then(
        () => "done",
        (error: Error) => error.message,
      );
      expect(message).toContain(end);
    },
    { timeout: 30_000, interval: 100 },
  );
const ownersAlone = (id: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${id}:root` }, Action: "kms:*", Resource: "*" }],
  });

interface Report {
  explained: boolean;
  trail: { callers: boolean; owners: boolean };
  matched: number;
  traced: number;
  failed: number;
  others: number;
  routine: { what: string; accountId: string | null; calls: number; busiestMinute: number }[];
  unexplained: { operation: string; requestId: string; why: string; contexts: Record<string, string>[] }[];
  oneSided: { requestId: string; action: string; outcome: string; reason: string }[];
}
const run = (trail: string, ...from: readonly string[]) =>
  ekm(
    "audit",
    "match",
    "--cloudtrail",
    trail,
    "--vendor",
    product.vendor.id,
    ...(from.length > 0 ? from : ["--database", product.database]),
  );
async function match(trail: string, ...from: readonly string[]): Promise<Report & { status: number }> {
  const { status, out, error } = await run(trail, ...(from.length > 0 ? from : ["--database", product.database]), "--json");
  if (out === "") throw new Error(error);
  return { status, ...(JSON.parse(out) as Report) };
}

describe("a log and the trails of an honest life", () => {
  it("agree in the caller's own trail: denied calls are there too", async () => {
    const report = await match(trails.vendors);
    expect(report).toMatchObject({
      status: 0,
      explained: true,
      unexplained: [],
      oneSided: [],
      trail: { callers: true, owners: false },
    });
    expect(report.matched).toBeGreaterThan(8);
    expect(report.traced).toBeGreaterThan(0);
    expect(report.routine.map(({ what }) => what)).toEqual(expect.arrayContaining(["lease", "probe"]));
  });

  it("differ in the owner's trail by the denied calls alone, and the report says why", async () => {
    const owners = await match(trails.customers);
    expect(owners).toMatchObject({ status: 0, unexplained: [], trail: { callers: false, owners: true } });
    const missing = new Set(owners.oneSided.map(({ requestId }) => requestId));
    const vendors = JSON.parse(await readFile(trails.vendors, "utf8")) as CloudTrailFile;
    const ours = vendors.Records.filter(({ requestID }) => missing.has(requestID));
    expect(ours.length).toBe(missing.size);
    for (const record of ours) {
      const onOwnKey = record.resources?.[0]?.accountId === product.vendor.id;
      expect(record.errorCode === "AccessDenied" || onOwnKey, JSON.stringify(record)).toBe(true);
    }
    expect(ours.filter(({ errorCode }) => errorCode === "AccessDenied").length).toBeGreaterThanOrEqual(3);
    expect(owners.oneSided.every(({ reason }) => reason === "not-in-owners-trail")).toBe(true);
    expect(owners.oneSided.map(({ action, outcome }) => `${action} ${outcome}`)).toContain("BACKUP REFUSED");
    expect(owners.others).toBeGreaterThanOrEqual(4);
    const { out } = await run(trails.customers);
    expect(out).toContain("AWS logs a cross-account call that was denied in the caller's account only");
    expect(out).toContain("no call by the vendor is unexplained");
    expect(out).toMatch(/entry \d+: BACKUP REFUSED, 1 request/);
  });

  it("agree when both trails lie in a directory, one of them gzipped, each request counted once", async () => {
    const directory = path.join(home, "both");
    await mkdir(path.join(directory, "2026", "01"), { recursive: true });
    await writeFile(path.join(directory, "2026", "01", "a.json.gz"), gzipSync(await readFile(trails.vendors)));
    await writeFile(path.join(directory, "b.json"), await readFile(trails.customers));
    await writeFile(path.join(directory, "notes.txt"), "no trail");
    const [both, vendors] = [await match(directory), await match(trails.vendors)];
    expect(both).toMatchObject({ status: 0, unexplained: [], oneSided: [], trail: { callers: true, owners: true } });
    expect({ matched: both.matched, traced: both.traced, routine: both.routine }).toEqual({
      matched: vendors.matched,
      traced: vendors.traced,
      routine: vendors.routine,
    });
  });

  it("can be compared by whoever has the export alone", async () => {
    const report = await match(trails.customers, "--file", log);
    expect(report).toMatchObject({ status: 0, unexplained: [], traced: 0 });
  });
});

describe("a call by the vendor's principal past the product", () => {
  const records = async (): Promise<readonly CloudTrailRecord[]> => (await trailOf(product.customer.id)).Records;
  const account = () => product.account.id;
  const rogue = async (operation: string, input: Readonly<Record<string, unknown>>): Promise<string> => {
    const client = createAwsClient({ endpoint: product.aws.url, region: REGION, ...product.vendor });
    const before = (await records()).length;
    const { status, body } = await client.kms(operation, input);
    expect(status, JSON.stringify(body)).toBe(200);
    return (await records())[before]?.requestID ?? "";
  };
  const after = async (trail: readonly CloudTrailRecord[]) => match(await save("rogue.json", { Records: trail }));

  it("that uses the key for an effect is named, with what it was", async () => {
    const context = { "ekm:account": account(), "ekm:purpose": "account-key", "ekm:generation": "9" };
    const requestId = await rogue("GenerateDataKey", { KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: context });
    const report = await after(await records());
    expect(report).toMatchObject({
      status: 1,
      explained: false,
      unexplained: [{ requestId, operation: "GenerateDataKey", contexts: [context] }],
    });
    const { status, out } = await run(path.join(home, "rogue.json"));
    expect(status).toBe(1);
    expect(out).toContain("1 call by the vendor that nothing in the log explains:");
    expect(out).toContain(`GenerateDataKey  no error  ekm:account ${account()}  ${keyArn}  ${REGION}  request ${requestId}`);
  });

  it.each<[string, (record: CloudTrailRecord) => CloudTrailRecord, string]>([
    [
      "opens the account key while no job was under way",
      (record) => ({ ...record, eventTime: "2031-01-01T00:00:00Z" }),
      "no backup, restore or verification",
    ],
    [
      "names an account that the log does not have",
      (record) => withContext(record, { "ekm:account": "acc_unknown" }),
      "does not have",
    ],
    ["names no account", (record) => withContext(record, {}), "names no account"],
    [
      "has another purpose",
      (record) => withContext(record, { "ekm:account": account(), "ekm:purpose": "other" }),
      "none of those",
    ],
    ["re-encrypts", (record) => ({ ...record, eventName: "ReEncrypt" }), "none of those"],
  ])("that %s is named", async (_what, change, why) => {
    const honest = (await trailOf(product.customer.id)).Records.filter(({ eventName, errorCode, requestParameters }) => {
      const context = (requestParameters?.["encryptionContext"] ?? {}) as Record<string, string>;
      return eventName === "Decrypt" && errorCode === undefined && context["ekm:purpose"] === "account-key";
    });
    const lease = honest.at(-1) as CloudTrailRecord;
    const report = await after([change({ ...lease, requestID: "made-up" })]);
    expect(report).toMatchObject({ status: 1, unexplained: [{ requestId: "made-up", why: expect.stringContaining(why) }] });
    const refused = await after([change({ ...lease, requestID: "made-up", errorCode: "DisabledException" })]);
    expect(refused, "what AWS refused gave nothing").toMatchObject({ status: 0, unexplained: [], failed: 1 });
    const owner = await after([
      change({ ...lease, requestID: "made-up", userIdentity: { type: "IAMUser", accountId: product.customer.id } }),
    ]);
    expect(owner, "the owner may do as it likes").toMatchObject({ status: 0, unexplained: [], others: 1 });
  });
  const withContext = (record: CloudTrailRecord, encryptionContext: Record<string, string>): CloudTrailRecord => ({
    ...record,
    requestParameters: { keyId: keyArn, encryptionContext },
  });
});

describe("the command", () => {
  it("says of a request that the trail should have whether it is of another time", async () => {
    const [first] = (await trailOf(product.vendor.id)).Records as [CloudTrailRecord];
    const late = await save("late.json", { Records: [{ ...first, eventTime: "2031-01-01T00:00:00Z", requestID: "x" }] });
    expect(new Set((await match(late)).oneSided.map(({ reason }) => reason))).toEqual(new Set(["outside-time"]));
    const thin = await save("thin.json", { Records: [first] });
    expect((await match(thin)).oneSided.map(({ reason }) => reason)).toContain("not-in-callers-trail");
  });

  it.each<[string, () => readonly string[], number, string]>([
    ["no trail", () => ["--database", "x"], 2, "--cloudtrail is missing"],
    ["no vendor", () => ["--cloudtrail", "x", "--database", "x"], 2, "--vendor is missing"],
    ["a vendor that is none", () => ["--cloudtrail", "x", "--vendor", "12", "--database", "x"], 2, "12 digits"],
    ["neither database nor file", () => ["--cloudtrail", "x", "--vendor", product.vendor.id], 2, "either --database or --file"],
    ["an unknown account", () => [...usual(trails.vendors), "--account", "acc_none"], 2, "acc_none"],
    ["a trail that is not there", () => usual(path.join(home, "none")), 5, "ENOENT"],
    ["a trail that is no JSON", () => usual(log), 5, "neither JSON nor gzipped JSON"],
  ])("ends as it says: %s", async (_what, args, status, text) => {
    const result = await ekm("audit", "match", ...args());
    expect(result.status).toBe(status);
    expect(result.error).toContain(text);
  });
  const usual = (trail: string) => ["--cloudtrail", trail, "--vendor", product.vendor.id, "--database", product.database];

  it.each([
    [{ Records: [] }, "no record of AWS KMS"],
    [{ Events: [] }, "is not a CloudTrail log file"],
    [{ Records: [{ eventSource: "kms.amazonaws.com", eventName: "Decrypt" }] }, "record 1 is not of CloudTrail's form"],
    [{ Records: [{ eventSource: "s3.amazonaws.com" }] }, "no record of AWS KMS"],
  ])("ends with 5 for a trail from which nothing can be said: %j", async (trail, text) => {
    const file = path.join(home, "odd.json");
    await writeFile(file, JSON.stringify(trail));
    const { status, error } = await run(file);
    expect(status).toBe(5);
    expect(error).toContain(text);
  });
});
