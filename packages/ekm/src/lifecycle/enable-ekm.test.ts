import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type MemoryKey, type Scenario, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import { createUseCases } from "../create-use-cases.js";
import { KEY_CHECKS } from "../preflight/key-check.js";
import { CURRENT_TERMS } from "./terms.js";

const refused = (...codes: string[]) => ({ ok: false, error: codes.map((code) => expect.objectContaining({ code })) });

let scenario: Scenario;
let account: Account;
let key: MemoryKey;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  key = scenario.keyFor(account);
});

const enable = (more: Partial<Parameters<Scenario["useCases"]["enableEkm"]>[1]> = {}) =>
  scenario.useCases.enableEkm(tenantCaller(account), {
    keyArn: key.arn,
    acceptedTermsVersion: CURRENT_TERMS.version,
    confirmIrreversible: true,
    ...more,
  });
const audit = async () => (await scenario.ports.store.read.audit.chain(account.id, 0, 100)).slice(2);

describe("enableEkm", () => {
  it("shows every check, and the account as ENABLED under the key", async () => {
    const outcome = await enable({ keyArn: ` ${key.arn} ` });
    const now = scenario.ports.clock.now();
    expect(outcome.checks.map((check) => [check.check, check.verdict])).toEqual(KEY_CHECKS.map((check) => [check, "PASS"]));
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        account: {
          ekm: {
            status: "ENABLED",
            key: { arn: key.arn, multiRegion: false, enabledAt: now, warnings: [] },
            acceptance: {
              version: CURRENT_TERMS.version,
              sha256: CURRENT_TERMS.sha256,
              acceptedBy: tenantCaller(account).subject,
              acceptedAt: now,
            },
          },
          keyEpoch: account.keyEpoch + 1,
        },
      },
    });
    expect(await scenario.stored(account)).toEqual(outcome.ok && outcome.value.account);
  });

  it("writes the audit trail with the AWS requests, and a healthy key", async () => {
    await enable();
    const events = await audit();
    expect(events.map((event) => [event.action, event.outcome])).toEqual([
      ["KEY_VALIDATED", "DONE"],
      ["TERMS_ACCEPTED", "DONE"],
      ["EKM_ENABLED", "DONE"],
    ]);
    const noted = events.flatMap((event) => event.awsRequestIds);
    expect(noted).toHaveLength(scenario.ports.kms.calls.length);
    expect(new Set(noted).size).toBe(noted.length);
    const health = await scenario.useCases.queries.keyHealth(tenantCaller(account), account.id);
    expect(health).toMatchObject({ ok: true, value: { state: "HEALTHY", keyArn: key.arn } });
  });

  it("queues the work that supersedes Cloud Key Management", async () => {
    await enable();
    const job = await scenario.ports.store.transaction((tx) => tx.jobs.claim("worker", ["SUPERSEDE"], 1000));
    expect(job).toMatchObject({ kind: "SUPERSEDE", accountId: account.id, subjectId: account.id });
  });

  it("takes two KMS calls per generation beside the preflight, however it began", async () => {
    await scenario.useCases.validateKmsKey(tenantCaller(account), { keyArn: key.arn });
    const preflight = scenario.ports.kms.calls.length;
    for (let n = 0; n < 5; n += 1) await scenario.addGeneration(account);
    scenario.ports.kms.calls.length = 0;
    await enable();
    const newGeneration = 2;
    const canary = 2;
    expect(scenario.ports.kms.calls.length - preflight).toBe(5 * 2 + newGeneration + canary);
  });

  it("takes Decrypt and Encrypt where ReEncrypt is forbidden, three calls per generation; the first finds it out", async () => {
    for (let n = 0; n < 5; n += 1) await scenario.addGeneration(account);
    key.reEncryptDenied = true;
    const before = scenario.ports.kms.calls.length;
    await scenario.useCases.validateKmsKey(tenantCaller(account), { keyArn: key.arn });
    const preflight = scenario.ports.kms.calls.length - before;
    scenario.ports.kms.calls.length = 0;
    expect(await enable()).toMatchObject({ ok: true });
    expect(scenario.ports.kms.calls.length - preflight).toBe(1 + 5 * 3 + 2 + 2);
  });

  it("keeps the warnings that last", async () => {
    key.boundTo = undefined;
    key.reEncryptDenied = true;
    key.multiRegion = true;
    await enable();
    expect((await scenario.stored(account)).ekm).toMatchObject({
      key: { multiRegion: true, warnings: ["KEY_POLICY_TOO_WIDE"] },
    });
    const health = await scenario.useCases.queries.keyHealth(tenantCaller(account), account.id);
    expect(health).toMatchObject({ value: { warnings: [{ code: "KEY_POLICY_TOO_WIDE" }] } });
  });

  it("wants both consent and confirmation, and says so before the key is touched", async () => {
    expect(await enable({ acceptedTermsVersion: "" })).toMatchObject(refused("TERMS_NOT_ACCEPTED"));
    expect(await enable({ acceptedTermsVersion: "2024-01" })).toMatchObject(refused("TERMS_VERSION_OUTDATED"));
    expect(await enable({ confirmIrreversible: false })).toMatchObject(refused("CONFIRMATION_MISSING"));
    expect(await enable({ acceptedTermsVersion: " ", confirmIrreversible: false })).toMatchObject(
      refused("TERMS_NOT_ACCEPTED", "CONFIRMATION_MISSING"),
    );
    expect(scenario.ports.kms.calls).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it("does not exist before activation", async () => {
    const other = await scenario.createAccount("Other");
    expect(await scenario.enable(other, key.arn)).toMatchObject(refused("EKM_NOT_ACTIVATED"));
  });

  it("is refused the second time", async () => {
    await enable();
    expect(await enable({ keyArn: scenario.keyFor(account).arn })).toMatchObject(refused("EKM_ALREADY_ENABLED"));
  });

  it("is refused while the keys are locked", async () => {
    await scenario.ports.store.transaction(async (tx) => {
      const stored = await tx.accounts.byId(account.id);
      if (stored) await tx.accounts.save({ ...stored, keyLock: { lockedAt: new Date(0), lockedBy: "a", reason: "b" } });
    });
    expect(await enable()).toMatchObject(refused("KEYS_LOCKED"));
  });

  it("changes nothing for a key that fails a check, and names check and field", async () => {
    key.state = "Disabled";
    const outcome = await enable();
    expect(outcome).toMatchObject(refused("KEY_DISABLED"));
    expect(outcome).toMatchObject({ error: [{ field: ["input", "keyArn"] }] });
    expect(outcome.checks).toHaveLength(KEY_CHECKS.length);
    expect(await scenario.stored(account)).toEqual(account);
    expect((await audit()).map((event) => [event.action, event.outcome])).toEqual([["KEY_VALIDATED", "REFUSED"]]);
  });

  it.each([{ denied: true }, { state: "Disabled" } as const])(
    "never blames the customer for the vendor's key: %o",
    async (fault) => {
      await scenario.addGeneration(account);
      for (const vendor of scenario.ports.kms.vendorOwned) Object.assign(vendor, fault);
      const outcome = await enable();
      expect(outcome).toMatchObject(refused("VENDOR_AWS_FAULT"));
      expect(outcome).not.toMatchObject({ error: [{ field: expect.anything() }] });
      expect((await audit()).map((event) => [event.action, event.outcome])).toEqual([
        ["KEY_VALIDATED", "DONE"],
        ["EKM_ENABLED", "FAILED"],
      ]);
    },
  );

  it("is not enabled while the records beside the backups cannot be written", async () => {
    scenario.ports.keyRecords.failNext(Object.assign(new Error("no space"), { name: "StorageError" }));
    expect(await enable()).toMatchObject(refused("STORAGE_UNAVAILABLE"));
    expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
    expect(await enable()).toMatchObject({ ok: true });
  });

  it("calls KMS in no transaction", async () => {
    await scenario.addGeneration(account);
    let inTransaction = 0;
    const { store } = scenario.ports;
    scenario.ports.kms.hooks.before = (call) => {
      if (inTransaction > 0) throw new Error(`${call.operation} within a transaction`);
    };
    const useCases = createUseCases({
      ...scenario.ports,
      store: {
        ...store,
        read: store.read,
        transaction: (work) =>
          store.transaction(async (tx) => {
            inTransaction += 1;
            return work(tx).finally(() => {
              inTransaction -= 1;
            });
          }),
      },
    });
    expect(await scenario.enable(account, key.arn, useCases)).toMatchObject({ ok: true });
  });
});

describe("validateKmsKey", () => {
  const validate = () => scenario.useCases.validateKmsKey(tenantCaller(account), { keyArn: key.arn });

  it("says usable or not as an answer, and saves nothing but the audit entry", async () => {
    expect(await validate()).toMatchObject({ ok: true, value: { usable: true } });
    key.state = "Disabled";
    expect(await validate()).toMatchObject({ ok: true, value: { usable: false } });
    expect(await scenario.stored(account)).toEqual(account);
    expect(await scenario.ports.store.read.keys.wraps(account.id)).toEqual([]);
    expect((await audit()).map((event) => [event.action, event.outcome])).toEqual([
      ["KEY_VALIDATED", "DONE"],
      ["KEY_VALIDATED", "REFUSED"],
    ]);
  });

  it("works as a dry run of rotating too", async () => {
    await enable();
    key = scenario.keyFor(account);
    expect(await validate()).toMatchObject({ ok: true, value: { usable: true } });
  });
});
