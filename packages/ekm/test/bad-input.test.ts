// Invariant: whatever a caller sends, it is answered by a code of the catalogue that names the field and has a remedy; nothing
// is written, no key is called, and nothing throws.
import { beforeEach, describe, expect, it } from "vitest";
import {
  type Account,
  type Backup,
  type BackupSource,
  CURRENT_TERMS,
  ERROR_CATALOG,
  type ErrorCode,
  parseKeyArn,
  type Rejection,
} from "../src/index.js";
import { createScenario, type MemoryKey, type Scenario, SUPPORT_CALLER, tenantCaller } from "../testing/index.js";

let scenario: Scenario;
let account: Account;
let key: MemoryKey;
let source: BackupSource;
let backup: Backup;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  key = scenario.keyFor(account);
  const { useCases, ports } = scenario;
  source = await must(useCases.registerBackupSource(admin(), { name: "crm", kind: "DIRECTORY", location: "/data/crm" }));
  const started = await must(useCases.startBackup(admin(), { sourceId: source.id }));
  backup = { ...started, id: ports.ids.next("bkp"), status: "SUCCEEDED", generation: 1 };
  await ports.store.transaction((tx) => tx.backups.insert(backup));
});
const admin = () => tenantCaller(account);

async function must<T>(outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(JSON.stringify(settled.error));
  return settled.value;
}

/** What a refusal may not have touched. */
const traces = async () => {
  const { read } = scenario.ports.store;
  return {
    account: await scenario.stored(account),
    accounts: await read.accounts.count({}),
    sources: await read.sources.count(account.id),
    backups: await read.backups.count(account.id, {}),
    restores: await read.restores.count(account.id, {}),
    audit: await read.audit.count(account.id, {}),
    calls: scenario.ports.kms.calls.length,
  };
};

async function expectRefused(send: () => Promise<{ ok: boolean; error?: unknown }>, code: ErrorCode, field: string) {
  const before = await traces();
  const answer = await send();
  expect(answer).toMatchObject({ ok: false, error: [{ code, field: ["input", field] }] });
  const [{ message } = { message: "" }] = answer.error as readonly Rejection[];
  expect(message).toMatch(/\S.*\.$/);
  expect(ERROR_CATALOG[code].remedy).toMatch(/\.$/);
  expect(await traces()).toEqual(before);
}

const BAD_TEXTS: Record<string, string> = {
  nothing: "",
  spaces: "  \t ",
  "a zero byte": "a\u0000b",
  "a line break": "a\nb",
  "an escape sequence": "a\u001b[31mb",
  "a C1 control": "a\u0085b",
  "a line separator": "a\u2028b",
  "a paragraph separator": "a\u2029b",
  "half a surrogate pair": "a\ud83db",
  "text that turns the rest round": "a\u202etxt.exe",
  "an isolate": "a\u2066b",
  "invisible characters alone": "\u200b\u200d\ufeff\u00ad",
};
const GOOD_TEXTS = [
  "a",
  " Acme ",
  "Müller & Söhne <GmbH>",
  "日本語",
  "👩‍👩‍👧 family",
  "שלום",
  "'; DROP TABLE accounts; --",
  "${x}{{y}}",
  "%s%n",
];

type Send = (text: string) => Promise<{ ok: boolean; error?: unknown }>;
const FIELDS: Record<string, [field: string, max: number, send: Send]> = {
  "createAccount name": ["name", 200, (name) => scenario.useCases.createAccount(SUPPORT_CALLER, { name })],
  "activateEkm ticket": [
    "ticket",
    200,
    (ticket) => scenario.useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id, ticket }),
  ],
  "withdrawEkmActivation reason": [
    "reason",
    500,
    (reason) => scenario.useCases.withdrawEkmActivation(SUPPORT_CALLER, { accountId: account.id, reason }),
  ],
  "registerBackupSource name": [
    "name",
    200,
    (name) => scenario.useCases.registerBackupSource(admin(), { name, kind: "DIRECTORY", location: "/data/a" }),
  ],
  "lockAccountKeys reason": ["reason", 500, (reason) => scenario.useCases.lockAccountKeys(admin(), { reason })],
  "unlockAccountKeys reason": ["reason", 500, (reason) => scenario.useCases.unlockAccountKeys(admin(), { reason })],
};

describe.each(Object.entries(FIELDS))("%s", (_, [field, max, send]) => {
  it.each(Object.keys(BAD_TEXTS))("refuses %s", (name) =>
    expectRefused(() => send(BAD_TEXTS[name] ?? ""), "INPUT_INVALID", field),
  );

  it(`holds up to ${max} characters`, async () => {
    await expectRefused(() => send("x".repeat(max + 1)), "INPUT_INVALID", field);
    await expectRefused(() => send("x".repeat(1_000_000)), "INPUT_INVALID", field);
    expect((await send("x".repeat(max))).ok).toBe(true);
  });

  it.each(GOOD_TEXTS)("takes %j", async (text) => {
    expect((await send(text)).ok).toBe(true);
  });
});

const PATHS: Record<string, [field: string, elsewhere: ErrorCode, send: Send]> = {
  "registerBackupSource location": [
    "location",
    "INPUT_INVALID",
    (location) => scenario.useCases.registerBackupSource(admin(), { name: "a", kind: "DIRECTORY", location }),
  ],
  "startRestore target": [
    "target",
    "RESTORE_TARGET_INVALID",
    (target) => scenario.useCases.startRestore(admin(), { backupId: backup.id, target }),
  ],
};

/** Within a path there is always something to see. */
const ALONE = ["nothing", "spaces", "invisible characters alone"];

describe.each(Object.entries(PATHS))("%s", (_, [field, elsewhere, send]) => {
  it.each(Object.keys(BAD_TEXTS))("refuses %s", (name) => {
    const text = BAD_TEXTS[name] ?? "";
    return expectRefused(() => send(ALONE.includes(name) ? text : `/data/${text}`), "INPUT_INVALID", field);
  });

  it("refuses what is too long, and every place that is not allowed", async () => {
    await expectRefused(() => send(`/data/${"a".repeat(4096)}`), "INPUT_INVALID", field);
    for (const path of ["/", "/etc/passwd", "/data/../etc", "/restores/../etc", "relative", "C:\\data", "file:///data/a", "~"]) {
      await expectRefused(() => send(path), elsewhere, field);
    }
  });
});

describe("the terms", () => {
  it.each<[string, ErrorCode]>([
    ["", "TERMS_NOT_ACCEPTED"],
    ["  ", "TERMS_NOT_ACCEPTED"],
    ["0", "TERMS_VERSION_OUTDATED"],
    [` ${CURRENT_TERMS.version}`, "TERMS_VERSION_OUTDATED"],
    [`${CURRENT_TERMS.version}\u0000`, "TERMS_VERSION_OUTDATED"],
    [CURRENT_TERMS.sha256, "TERMS_VERSION_OUTDATED"],
    ["latest", "TERMS_VERSION_OUTDATED"],
    ["9".repeat(100_000), "TERMS_VERSION_OUTDATED"],
  ])("accepted as %j: %s", (acceptedTermsVersion, code) => {
    const input = { keyArn: key.arn, acceptedTermsVersion, confirmIrreversible: true };
    return expectRefused(() => scenario.useCases.enableEkm(admin(), input), code, "acceptedTermsVersion");
  });
});

const UUID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const ARN = `arn:aws:kms:us-east-1:111122223333:key/${UUID}`;
const WRONG_KEYS: Record<string, [text: string, code: ErrorCode]> = {
  nothing: ["", "KEY_ARN_INVALID"],
  spaces: ["   ", "KEY_ARN_INVALID"],
  "a bare key id": [UUID, "KEY_ARN_INVALID"],
  "a bare multi-Region key id": ["mrk-1234abcd12ab34cd56ef1234567890ab", "KEY_ARN_INVALID"],
  "an alias": ["alias/mine", "KEY_ALIAS_UNSUPPORTED"],
  "an alias ARN": ["arn:aws:kms:us-east-1:111122223333:alias/mine", "KEY_ALIAS_UNSUPPORTED"],
  "an AWS managed alias": ["alias/aws/s3", "KEY_AWS_MANAGED"],
  "an AWS managed alias ARN": ["arn:aws:kms:us-east-1:111122223333:alias/aws/ebs", "KEY_AWS_MANAGED"],
  "an Azure key": ["https://acme.vault.azure.net/keys/mine/0123456789abcdef", "KEY_PROVIDER_UNSUPPORTED"],
  "a Google key": ["projects/p/locations/global/keyRings/r/cryptoKeys/k", "KEY_PROVIDER_UNSUPPORTED"],
  "another service's ARN": ["arn:aws:s3:::bucket/key", "KEY_ARN_INVALID"],
  "an ARN of another resource": [`arn:aws:kms:us-east-1:111122223333:grant/${UUID}`, "KEY_ARN_INVALID"],
  "a Region that is not supported": [ARN.replace("us-east-1", "ap-south-2"), "KEY_REGION_UNSUPPORTED"],
  "a host in the Region's place": [ARN.replace("us-east-1", "evil.example.com/x"), "KEY_REGION_UNSUPPORTED"],
  "no Region": [ARN.replace("us-east-1", ""), "KEY_ARN_INVALID"],
  "another partition's Region": [ARN.replace("arn:aws:", "arn:aws-cn:"), "KEY_ARN_INVALID"],
  "an account of 11 digits": [ARN.replace("111122223333", "11112222333"), "KEY_ARN_INVALID"],
  "digits of another script": [ARN.replace("111122223333", "١١١١٢٢٢٢٣٣٣٣"), "KEY_ARN_INVALID"],
  "an id in capitals": [ARN.replace(UUID, UUID.toUpperCase()), "KEY_ARN_INVALID"],
  "ARN in capitals": [ARN.replace("arn", "ARN"), "KEY_ARN_INVALID"],
  "something after it": [`${ARN}/`, "KEY_ARN_INVALID"],
  "a line break and another": [`${ARN}\n${ARN}`, "KEY_ARN_INVALID"],
  "a space inside": [ARN.replace("key/", "key/ "), "KEY_ARN_INVALID"],
  "a zero byte": [`${ARN}\u0000`, "KEY_ARN_INVALID"],
  "a letter that looks alike": [ARN.replace("arn", "аrn"), "KEY_ARN_INVALID"],
  "quotes round it": [`"${ARN}"`, "KEY_ARN_INVALID"],
  "far too much": ["arn:aws:kms:".repeat(100_000), "KEY_ARN_INVALID"],
};

describe.each(Object.entries(WRONG_KEYS))("a key named by %s", (_, [text, code]) => {
  it(`is ${code}, without a call`, async () => {
    const validated = await scenario.useCases.validateKmsKey(admin(), { keyArn: text });
    expect(validated).toMatchObject({ ok: true, value: { usable: false } });
    expect(validated.checks.find((check) => check.verdict === "FAIL")).toMatchObject({
      code,
      message: expect.stringMatching(/\.$/),
    });
    expect(await scenario.enable(account, text)).toMatchObject({ error: [{ code, field: ["input", "keyArn"] }] });
    expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
    expect(scenario.ports.kms.calls).toEqual([]);
    expect(parseKeyArn(text, scenario.ports.settings.allowedRegions)).toMatchObject({ ok: false });
  });

  it(`is ${code} for a rotation too, which does not begin`, async () => {
    await scenario.enable(account, key.arn);
    scenario.ports.kms.calls.length = 0;
    const rotated = await scenario.useCases.rotateEkmKey(admin(), { keyArn: text });
    expect(rotated).toMatchObject({ ok: false, error: [{ code, field: ["input", "keyArn"] }] });
    expect((await scenario.stored(account)).ekm.status).toBe("ENABLED");
    expect(scenario.ports.kms.calls).toEqual([]);
  });
});

it.each([" ", "\t", "\n", "\r\n", "\u00a0", "\ufeff"])("a good ARN may have %j round it", async (space) => {
  const keyArn = `${space}${key.arn}${space}`;
  expect(await scenario.useCases.validateKmsKey(admin(), { keyArn })).toMatchObject({ value: { usable: true } });
  expect(await scenario.enable(account, keyArn)).toMatchObject({ ok: true });
  expect((await scenario.stored(account)).ekm).toMatchObject({ key: { arn: key.arn } });
  expect(await scenario.useCases.rotateEkmKey(admin(), { keyArn })).toMatchObject({ error: [{ code: "KEY_UNCHANGED" }] });
  const next = scenario.keyFor(account).arn;
  const rotated = await scenario.useCases.rotateEkmKey(admin(), { keyArn: `${space}${next}${space}` });
  expect(rotated).toMatchObject({ value: { rotation: { toArn: next } } });
});

describe("an id", () => {
  const STRANGE = ["", " ", "nonsense", "\u0000", "../../etc", "' OR 1=1 --", "acc_", "a".repeat(100_000), "__proto__", "💥"];

  it.each(STRANGE)("%# of nothing is answered as an unknown one", async (id) => {
    const { useCases } = scenario;
    await expectRefused(() => useCases.startBackup(admin(), { sourceId: id }), "SOURCE_NOT_FOUND", "sourceId");
    await expectRefused(() => useCases.startRestore(admin(), { backupId: id }), "BACKUP_NOT_FOUND", "backupId");
    await expectRefused(() => useCases.startVerification(admin(), { backupId: id }), "BACKUP_NOT_FOUND", "backupId");
    await expectRefused(() => useCases.cancelJob(admin(), { jobId: id }), "JOB_NOT_FOUND", "jobId");
    const lock = { accountId: id, reason: "r" };
    await expectRefused(() => useCases.lockAccountKeys(admin(), lock), "ACCOUNT_NOT_FOUND", "accountId");
    await expectRefused(() => useCases.activateEkm(SUPPORT_CALLER, { accountId: id }), "ACCOUNT_NOT_FOUND", "accountId");
    expect(await useCases.queries.node(admin(), id)).toEqual({ ok: true, value: null });
  });
});

describe("a number", () => {
  it.each([0, -1, 1.5, 3651, Number.NaN, Number.POSITIVE_INFINITY])("of days %s is refused", (expiresInDays) =>
    expectRefused(
      () => scenario.useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id, expiresInDays }),
      "INPUT_INVALID",
      "expiresInDays",
    ),
  );

  it.each([0n, -1n, 2n ** 63n])("of bytes a second %s is refused", async (maxBytesPerSecond) => {
    const { useCases } = scenario;
    const of = { sourceId: source.id, maxBytesPerSecond };
    await expectRefused(() => useCases.startBackup(admin(), of), "INPUT_INVALID", "maxBytesPerSecond");
    const restore = { backupId: backup.id, maxBytesPerSecond };
    await expectRefused(() => useCases.startRestore(admin(), restore), "INPUT_INVALID", "maxBytesPerSecond");
  });
});
