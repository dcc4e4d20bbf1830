// Invariant: health says what real use of the key has shown, follows it both ways without anybody's help, and is written
// together with its audit entry or not at all.
import { describe, expect, it } from "vitest";
import { recordObservation } from "../src/health/record-observation.js";
import { recordRenewal } from "../src/health/record-renewal.js";
import { type Account, type Caller, checkKeyHealth, createWorkerUseCases, probeAccountKey } from "../src/index.js";
import { createMemoryPorts, type MemoryPorts } from "../testing/index.js";
import { change, cloudAccount, enabledUnder, enterpriseAccount, lock, stored, unlock } from "./support/accounts.js";

async function setUp(warnings: readonly string[] = []) {
  const ports = createMemoryPorts();
  const key = ports.kms.addKey();
  const account = await enterpriseAccount(ports, key.arn, warnings);
  const probe = async () => probeAccountKey(ports)(await stored(ports.store.read.accounts.byId(account.id)));
  return { ports, key, account, probe };
}
const audit = async (ports: MemoryPorts, { id }: Account) =>
  (await ports.store.read.audit.chain(id, 0, 100)).filter((event) => event.action === "KEY_HEALTH_CHANGED");

describe("a probe", () => {
  it("makes the canary at its first run and decrypts it from then on", async () => {
    const { ports, key, account, probe } = await setUp();
    expect(await probe()).toMatchObject({ state: "HEALTHY", keyArn: key.arn, warnings: [] });
    expect(await ports.store.read.keys.canary(account.id, key.arn)).not.toBeNull();
    ports.kms.calls.length = 0;
    expect((await probe())?.state).toBe("HEALTHY");
    expect(ports.kms.calls).toEqual([
      { operation: "decrypt", keyArn: key.arn, context: { "ekm:account": account.id, "ekm:purpose": "probe" } },
    ]);
  });

  it("keeps no canary that it could not open", async () => {
    const { ports, key, account, probe } = await setUp();
    key.answers = "wrong-bytes";
    expect(await probe()).toMatchObject({ state: "UNUSABLE", problem: { code: "KMS_ANSWER_INVALID" } });
    expect(await ports.store.read.keys.canary(account.id, key.arn)).toBeNull();
  });

  it("is not left out until a clock that was set back has caught up", async () => {
    const { ports, key, account, probe } = await setUp();
    await probe();
    key.state = "Disabled";
    ports.clock.stepWall(-24 * 3600 * 1000);
    expect(await createWorkerUseCases(ports).probeDueAccounts(10)).toBe(1);
    expect(await ports.store.read.health.current(account.id)).toMatchObject({
      state: "UNUSABLE",
      checkedAt: ports.clock.now(),
    });
    expect(await createWorkerUseCases(ports).probeDueAccounts(10)).toBe(0);
  });

  it("follows a revocation and its end, with one audit entry for each change", async () => {
    const { ports, key, account, probe } = await setUp();
    await probe();
    key.state = "Disabled";
    await ports.clock.advance(60_000);
    const down = await probe();
    expect(down).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_DISABLED" }, since: ports.clock.now() });
    await ports.clock.advance(60_000);
    expect(await probe()).toMatchObject({ state: "UNUSABLE", since: down?.since, checkedAt: ports.clock.now() });
    key.state = "Enabled";
    await ports.clock.advance(60_000);
    expect(await probe()).toMatchObject({ state: "HEALTHY", lastUsableAt: ports.clock.now() });
    const entries = await audit(ports, account);
    expect(entries.map((event) => event.detail)).toEqual([
      "The key is HEALTHY.",
      "The key was HEALTHY and is UNUSABLE (KEY_DISABLED) now.",
      "The key was UNUSABLE (KEY_DISABLED) and is HEALTHY now.",
    ]);
    expect(entries.every((event) => event.awsRequestIds.length === 1 && event.subject === key.arn)).toBe(true);
    const history = await ports.store.read.health.history(account.id, { first: 10 });
    expect(history.items.map((row) => row.state)).toEqual(["HEALTHY", "UNUSABLE", "HEALTHY"]);
  });

  it("tells one refusal from the next", async () => {
    const { ports, key, account, probe } = await setUp();
    key.state = "Disabled";
    await probe();
    key.state = "Enabled";
    key.denied = true;
    expect(await probe()).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_ACCESS_DENIED" } });
    expect(await audit(ports, account)).toHaveLength(2);
  });

  it("learns the date of a deletion from DescribeKey", async () => {
    const { ports, key, probe } = await setUp();
    await probe();
    await ports.vendorKeys.scheduleDeletion(key.arn);
    expect(await probe()).toMatchObject({
      state: "UNUSABLE",
      problem: { code: "KEY_PENDING_DELETION" },
      deletionDate: key.deletionDate,
    });
  });

  it("does not hold a refused DescribeKey, or one that names another key, against the key", async () => {
    const { ports, key, probe } = await setUp();
    key.describeDenied = true;
    expect((await probe())?.state).toBe("HEALTHY");
    expect(ports.kms.countOf("describeKey")).toBe(0);
    key.state = "PendingDeletion";
    expect(await probe()).toMatchObject({ problem: { code: "KEY_PENDING_DELETION" } });
    key.describeDenied = false;
    key.describedArn = "arn:aws:kms:us-east-1:111122223333:key/other";
    key.deletionDate = new Date();
    expect((await probe())?.deletionDate).toBeUndefined();
  });

  it("is degraded by the vendor's fault and by the road, never unusable", async () => {
    const { key, probe } = await setUp();
    for (const code of ["KMS_UNREACHABLE", "VENDOR_AWS_FAULT", "KMS_THROTTLED"] as const) {
      key.failWith = code;
      expect(await probe()).toMatchObject({ state: "DEGRADED", problem: { code } });
    }
  });

  it("keeps the warnings of the account's key", async () => {
    const { key, probe } = await setUp(["KEY_POLICY_TOO_WIDE", "something of a later version"]);
    const warnings = [{ code: "KEY_POLICY_TOO_WIDE", keyArn: key.arn }];
    expect(await probe()).toMatchObject({ state: "HEALTHY", warnings });
    key.denied = true;
    expect(await probe()).toMatchObject({ state: "UNUSABLE", warnings });
  });

  it("calls no key of a locked account, and finds out when it is unlocked", async () => {
    const { ports, account, probe } = await setUp();
    await lock(ports, account.id);
    expect(await probe()).toMatchObject({ state: "LOCKED", problem: { code: "KEYS_LOCKED" } });
    expect(ports.kms.calls).toEqual([]);
    await unlock(ports, account.id);
    expect(await probe()).toMatchObject({ state: "HEALTHY" });
  });

  it("writes nothing about a key that the account has left meanwhile", async () => {
    const { ports, account, probe } = await setUp();
    const next = ports.kms.addKey();
    ports.kms.hooks.after = async (call) => {
      if (call.operation === "decrypt") await change(ports, account.id, (row) => ({ ...row, ekm: enabledUnder(next.arn) }));
    };
    expect(await probe()).toBeNull();
    expect(await ports.store.read.health.current(account.id)).toBeNull();
  });

  it("lets no late answer overwrite a newer one", async () => {
    const { ports, key, account, probe } = await setUp();
    const sentAt = ports.clock.now();
    await ports.clock.advance(1_000);
    key.state = "Disabled";
    await probe();
    const call = { accountId: account.id, keyArn: key.arn, sentAt, observation: { kind: "usable" } } as const;
    expect(await recordObservation(ports)(call)).toMatchObject({ state: "UNUSABLE" });
    // A row from a clock that was ahead by hours does not hold health up for hours.
    ports.clock.stepWall(-3_600_000);
    expect(await recordObservation(ports)({ ...call, sentAt: ports.clock.now() })).toMatchObject({ state: "HEALTHY" });
  });
});

describe("checkKeyHealth", () => {
  const admin = (accountId: string): Caller => ({ subject: "admin", roles: ["ACCOUNT_ADMIN"], accountId });

  it("probes now, and answers a key that fails as a health", async () => {
    const { ports, key, account } = await setUp();
    key.denied = true;
    const outcome = await checkKeyHealth(ports)(admin(account.id), {});
    expect(outcome).toMatchObject({ ok: true, value: { state: "UNUSABLE", problem: { code: "KEY_ACCESS_DENIED" } } });
  });

  it("answers what is missing: activation, enabling, the account, the role", async () => {
    const { ports, account } = await setUp();
    const check = checkKeyHealth(ports);
    const cloud = await cloudAccount(ports);
    expect(await check(admin(cloud.id), {})).toMatchObject({ ok: false, error: [{ code: "EKM_NOT_ACTIVATED" }] });
    const activation = { activatedAt: new Date(0), activatedBy: "support" };
    await change(ports, cloud.id, (row) => ({ ...row, ekm: { status: "ACTIVATED", activation } }));
    expect(await check(admin(cloud.id), {})).toMatchObject({ ok: false, error: [{ code: "EKM_NOT_ENABLED" }] });
    const foreign = await check(admin(cloud.id), { accountId: account.id });
    expect(foreign).toEqual(await check(admin(cloud.id), { accountId: "acc_unknown" }));
    expect(await check({ subject: "op", roles: ["BACKUP_OPERATOR"], accountId: account.id }, {})).toMatchObject({
      error: { denied: "FORBIDDEN" },
    });
    expect(ports.kms.calls).toEqual([]);
  });
});

describe("probing what is due", () => {
  it("takes idle accounts of old health, at most so many, and no account in Cloud Key Management", async () => {
    const ports = createMemoryPorts();
    await cloudAccount(ports);
    for (let n = 0; n < 5; n++) await enterpriseAccount(ports, ports.kms.addKey().arn);
    const { probeDueAccounts } = createWorkerUseCases(ports);
    expect(await probeDueAccounts(3)).toBe(3);
    expect(await probeDueAccounts(3)).toBe(2);
    expect(await probeDueAccounts(3)).toBe(0);
    await ports.clock.advance(57_000);
    expect(await probeDueAccounts(10)).toBe(0);
    // A round is 2.5 s: the next one would come after the interval of 60 s.
    await ports.clock.advance(501);
    expect(await probeDueAccounts(10)).toBe(5);
  });

  it.each([1, 2, 3, 5, 60])(
    "leaves a key alone whose leases are renewed, at an interval of %i s",
    async (healthIntervalSeconds) => {
      const ports = createMemoryPorts({ healthIntervalSeconds });
      const key = ports.kms.addKey();
      const account = await enterpriseAccount(ports, key.arn);
      const { probeDueAccounts } = createWorkerUseCases(ports);
      expect(await probeDueAccounts(10)).toBe(1);
      const renewed = recordRenewal(ports);
      let writes = 0;
      for (let checkedAt = 0, n = 0; n < 60; n += 1) {
        await ports.clock.advance(healthIntervalSeconds * 50);
        const call = { accountId: account.id, keyArn: key.arn, sentAt: ports.clock.now() };
        await renewed({ ...call, observation: { kind: "usable" } });
        expect(await probeDueAccounts(10)).toBe(0);
        const health = await stored(ports.store.read.health.current(account.id));
        if (health.checkedAt.getTime() !== checkedAt) writes += 1;
        checkedAt = health.checkedAt.getTime();
      }
      // Still no write for each of them.
      expect(writes).toBeLessThanOrEqual(31);
    },
  );

  it("passes over accounts whose probe is still under way: a key that does not answer holds up nobody else", async () => {
    const ports = createMemoryPorts();
    const silent = ports.kms.addKey().arn;
    await enterpriseAccount(ports, silent);
    const other = await enterpriseAccount(ports, ports.kms.addKey().arn);
    const { probeDueAccounts } = createWorkerUseCases(ports);
    await probeDueAccounts(10);
    await ports.clock.advance(60_001);
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    ports.kms.hooks.before = (call) => (call.keyArn === silent ? answered : undefined);
    const first = probeDueAccounts(10);
    await expect.poll(async () => (await ports.store.read.health.current(other.id))?.checkedAt).toEqual(ports.clock.now());
    await ports.clock.advance(60_001);
    ports.kms.calls.length = 0;
    expect(await probeDueAccounts(1)).toBe(1);
    expect(ports.kms.calls.map(({ keyArn }) => keyArn)).not.toContain(silent);
    answer();
    expect(await first).toBe(2);
    await ports.clock.advance(60_001);
    expect(await probeDueAccounts(10), "it is among the others again").toBe(2);
  });

  it("is not stopped by one account that cannot be probed, and still says so", async () => {
    const ports = createMemoryPorts();
    const bad = ports.kms.addKey().arn;
    await enterpriseAccount(ports, bad);
    const good = await enterpriseAccount(ports, ports.kms.addKey().arn);
    ports.kms.hooks.before = (call) => {
      if (call.keyArn === bad) throw new Error("a bug");
    };
    await expect(createWorkerUseCases(ports).probeDueAccounts(10)).rejects.toThrow("a bug");
    expect(await ports.store.read.health.current(good.id)).toMatchObject({ state: "HEALTHY" });
  });
});
