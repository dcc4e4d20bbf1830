// Invariant: a rotation begins only for an account that is free, by its own admin, to a key that has proved itself; and a change
// of a rotation is one transaction with its audit entry, or none.
import { beforeEach, describe, expect, it } from "vitest";
import type { Caller } from "../src/index.js";
import { SUPPORT_CALLER, tenantCaller } from "../testing/index.js";
import { lock } from "./support/accounts.js";
import { addBackup, type RotationWorld, rotationWorld } from "./support/rotations.js";

const refused = (code: string) => ({ ok: false, error: [expect.objectContaining({ code })] });
const FORBIDDEN = { ok: false, error: { denied: "FORBIDDEN" } };

let world: RotationWorld;
beforeEach(async () => {
  world = await rotationWorld({ generations: 2 });
});
const admin = (): Caller => tenantCaller(world.account);
const rotate = (more = {}, caller = admin()) => world.scenario.useCases.rotateEkmKey(caller, { keyArn: world.to.arn, ...more });
const checkOf = (outcome: Awaited<ReturnType<typeof rotate>>, name: string) => outcome.checks.find(({ check }) => check === name);

describe("rotateEkmKey", () => {
  it("begins the rotation, with the checks of the new key, in one transaction", async () => {
    const outcome = await rotate();
    expect(outcome).toMatchObject({
      ok: true,
      value: { rotation: { status: "RUNNING", startedBy: admin().subject, acceptsLoss: false } },
    });
    expect(outcome.checks.every(({ verdict }) => verdict === "PASS")).toBe(true);
    expect(await world.audit("ROTATION_STARTED")).toEqual([expect.stringContaining("by ReEncrypt, within AWS KMS")]);
    expect(await world.audit("KEY_VALIDATED")).toContain("The key can be used. Asked for by rotateEkmKey.");
  });

  it.each(["ACCOUNT_VIEWER", "BACKUP_OPERATOR"] as const)("is not for a %s, nor for support", async (role) => {
    expect(await rotate({}, tenantCaller(world.account, role))).toMatchObject(FORBIDDEN);
    expect(await rotate({ accountId: world.account.id }, SUPPORT_CALLER)).toMatchObject(FORBIDDEN);
  });

  it("refuses an account that is not the caller's like one that is not there", async () => {
    const other = await world.scenario.createActivated("Other");
    for (const accountId of [other.id, "acc_00000000000000000000000099"]) {
      expect(await rotate({ accountId })).toMatchObject(refused("ACCOUNT_NOT_FOUND"));
    }
  });

  it("refuses before EKM is activated, and before it is enabled", async () => {
    const { scenario } = world;
    const cloud = await scenario.createAccount("Cloud");
    expect(await rotate({}, tenantCaller(cloud))).toMatchObject(refused("EKM_NOT_ACTIVATED"));
    const activated = await scenario.createActivated("Activated");
    expect(await rotate({}, tenantCaller(activated))).toMatchObject(refused("EKM_NOT_ENABLED"));
  });

  it("refuses the key that is in use, also with white space around it, without using it", async () => {
    world.ports.kms.calls.length = 0;
    for (const keyArn of [world.from.arn, ` ${world.from.arn}\n`]) {
      expect(await rotate({ keyArn })).toMatchObject(refused("KEY_UNCHANGED"));
    }
    expect(world.ports.kms.calls).toEqual([]);
  });

  it("refuses while keys are locked", async () => {
    await lock(world.ports, world.account.id);
    expect(await rotate()).toMatchObject(refused("KEYS_LOCKED"));
  });

  it("refuses a second one, also for a moment later than the check", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => rotate()));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome).toMatchObject(refused("ROTATION_IN_PROGRESS"));
    expect(await rotate()).toMatchObject(refused("ROTATION_IN_PROGRESS"));
    expect(await world.audit("ROTATION_STARTED")).toHaveLength(1);
  });

  it.each(["acme", "Acme ", "", "yes"])(
    "takes the account's name alone for the acceptance of a loss: %j",
    async (acceptLossOfUnreadable) => {
      expect(await rotate({ acceptLossOfUnreadable })).toMatchObject(refused("CONFIRMATION_MISSING"));
      expect(await rotate({ acceptLossOfUnreadable: "Acme" })).toMatchObject({
        ok: true,
        value: { rotation: { acceptsLoss: true } },
      });
    },
  );

  it.each([
    ["KEY_DISABLED", () => Object.assign(world.to, { state: "Disabled" })],
    ["KEY_ACCESS_DENIED", () => Object.assign(world.to, { denied: true })],
    ["KEY_NOT_SYMMETRIC", () => Object.assign(world.to, { keySpec: "RSA_2048" })],
    ["KMS_ANSWER_INVALID", () => Object.assign(world.to, { answers: "wrong-bytes" })],
  ] as const)("refuses a new key with %s, shows the checks and leaves the account as it is", async (code, act) => {
    act();
    const outcome = await rotate();
    expect(outcome).toMatchObject(refused(code));
    expect(outcome.checks.some(({ verdict }) => verdict === "FAIL")).toBe(true);
    expect(await world.scenario.stored(world.account)).toMatchObject({ ekm: { status: "ENABLED" } });
  });

  it.each([
    ["alias/x", "KEY_ALIAS_UNSUPPORTED"],
    ["nonsense", "KEY_ARN_INVALID"],
  ])("refuses %s: %s", async (keyArn, code) => {
    expect(await rotate({ keyArn })).toMatchObject(refused(code));
  });

  it("tries ReEncrypt from the current key", async () => {
    world.from.reEncryptDenied = true;
    expect(checkOf(await rotate(), "REENCRYPT")).toMatchObject({ verdict: "WARN", code: "KEY_ACCESS_DENIED" });
  });

  it("does not try it between two Regions, which is no fault", async () => {
    const far = await rotationWorld({ region: "eu-west-1" });
    far.ports.kms.calls.length = 0;
    const outcome = await far.scenario.useCases.rotateEkmKey(tenantCaller(far.account), { keyArn: far.to.arn });
    const check = checkOf(outcome, "REENCRYPT");
    expect(check).toMatchObject({ verdict: "WARN" });
    expect(check && "code" in check).toBe(false);
    expect(far.ports.kms.countOf("reEncrypt")).toBe(0);
  });

  it.each(["KMS_THROTTLED", "KMS_UNREACHABLE"] as const)("begins RUNNING when the current key fails with %s", async (code) => {
    world.from.failWith = code;
    expect(await rotate()).toMatchObject({ ok: true, value: { rotation: { status: "RUNNING" } } });
  });

  it("with an idempotency key has one effect, and answers as it is now", async () => {
    const first = await rotate({ idempotencyKey: "k" });
    expect(await rotate({ idempotencyKey: "k" })).toEqual(first);
    const { id: rotationId } = first.ok ? first.value.rotation : { id: "" };
    await world.scenario.useCases.cancelEkmKeyRotation(admin(), { rotationId });
    expect(await rotate({ idempotencyKey: "k" })).toMatchObject({ ok: true, value: { rotation: { status: "CANCELLED" } } });
    expect(await rotate({ idempotencyKey: "k", acceptLossOfUnreadable: "Acme" })).toMatchObject(
      refused("IDEMPOTENCY_KEY_REUSED"),
    );
    expect(await world.audit("ROTATION_STARTED")).toHaveLength(1);
  });
});

describe("changing a rotation", () => {
  const CHANGES = ["pauseEkmKeyRotation", "resumeEkmKeyRotation", "cancelEkmKeyRotation"] as const;

  it.each(CHANGES)("%s: another tenant's rotation is as unknown as one that never was", async (change) => {
    const { id } = await world.start();
    const stranger = tenantCaller({ id: "acc_00000000000000000000000099" });
    for (const rotationId of [id, "rot_00000000000000000000000099", "nonsense"]) {
      expect(await world.scenario.useCases[change](stranger, { rotationId })).toEqual(
        await world.scenario.useCases[change](stranger, { rotationId: "rot_00000000000000000000000098" }),
      );
      expect(await world.scenario.useCases[change](stranger, { rotationId })).toMatchObject(refused("ROTATION_NOT_FOUND"));
    }
    expect(await world.scenario.useCases[change](SUPPORT_CALLER, { rotationId: id })).toMatchObject(FORBIDDEN);
    expect(await world.rotation()).toMatchObject({ status: "RUNNING" });
  });

  it("twice is once", async () => {
    const { id: rotationId } = await world.start();
    const { pauseEkmKeyRotation, resumeEkmKeyRotation, cancelEkmKeyRotation } = world.scenario.useCases;
    const paused = await pauseEkmKeyRotation(admin(), { rotationId });
    await world.ports.clock.advance(1000);
    expect(await pauseEkmKeyRotation(admin(), { rotationId })).toEqual(paused);
    const resumed = await resumeEkmKeyRotation(admin(), { rotationId });
    expect(await resumeEkmKeyRotation(admin(), { rotationId })).toEqual(resumed);
    expect(await world.audit("ROTATION_PAUSED")).toHaveLength(1);
    expect(await world.audit("ROTATION_RESUMED")).toHaveLength(1);
    expect(await cancelEkmKeyRotation(admin(), { rotationId })).toMatchObject({ ok: true, value: { status: "CANCELLED" } });
    for (const change of CHANGES) {
      expect(await world.scenario.useCases[change](admin(), { rotationId })).toMatchObject(refused("ROTATION_NOT_CANCELLABLE"));
    }
    expect(await world.audit("ROTATION_CANCELLED")).toHaveLength(1);
  });

  it("with an idempotency key answers the first result again", async () => {
    const { id: rotationId } = await world.start();
    for (const change of CHANGES) {
      const first = await world.scenario.useCases[change](admin(), { rotationId, idempotencyKey: "k" });
      expect(first).toMatchObject({ ok: true });
      expect(await world.scenario.useCases[change](admin(), { rotationId, idempotencyKey: "k" })).toEqual(first);
    }
  });

  it("one that a key had stopped waits for the admin once the admin has paused it", async () => {
    world.from.state = "Disabled";
    const { id: rotationId } = await world.start();
    await world.scenario.useCases.pauseEkmKeyRotation(admin(), { rotationId });
    world.from.state = "Enabled";
    for (let n = 0; n < 3; n += 1) {
      await world.ports.clock.advance(60_000);
      await world.work();
    }
    expect(await world.rotation()).toMatchObject({ status: "PAUSED", pausedBy: "ADMIN", rewrapped: 0 });
  });

  it("is not resumed while keys are locked", async () => {
    const { id: rotationId } = await world.start();
    await world.scenario.useCases.pauseEkmKeyRotation(admin(), { rotationId });
    await lock(world.ports, world.account.id);
    expect(await world.scenario.useCases.resumeEkmKeyRotation(admin(), { rotationId })).toMatchObject(refused("KEYS_LOCKED"));
  });
});

describe("what is shown of rotations", () => {
  it("the active one, all of them, one by its id, its failures; to its own tenant and to support", async () => {
    const { queries } = world.scenario.useCases;
    const { id: accountId } = world.account;
    const viewer = tenantCaller(world.account, "ACCOUNT_VIEWER");
    expect(await queries.activeRotation(viewer, accountId)).toEqual({ ok: true, value: null });
    const first = await world.start();
    for (const caller of [viewer, SUPPORT_CALLER]) {
      expect(await queries.activeRotation(caller, accountId)).toEqual({ ok: true, value: first });
      expect(await queries.rotation(caller, first.id)).toEqual({ ok: true, value: first });
      expect(await queries.node(caller, first.id)).toEqual({ ok: true, value: { kind: "rotation", value: first } });
    }
    await world.scenario.useCases.cancelEkmKeyRotation(admin(), { rotationId: first.id });
    const second = await world.start();
    const page = await queries.rotations(viewer, accountId, { first: 1 });
    expect(page).toMatchObject({ ok: true, value: { items: [{ id: second.id }], hasNextPage: true } });
    expect(page.ok && (await page.value.totalCount())).toBe(2n);
    expect(await queries.generationFailures(viewer, second.id)).toEqual({ ok: true, value: [] });
  });

  it("nothing to another tenant", async () => {
    const { queries } = world.scenario.useCases;
    const { id } = await world.start();
    const stranger = tenantCaller(await world.scenario.createAccount("Other"));
    expect(await queries.rotation(stranger, id)).toEqual({ ok: true, value: null });
    expect(await queries.node(stranger, id)).toEqual({ ok: true, value: null });
    expect(await queries.generationFailures(stranger, id)).toEqual({ ok: true, value: [] });
    for (const query of [queries.activeRotation, queries.backupProtections]) {
      expect(await query(stranger, world.account.id)).toMatchObject(refused("ACCOUNT_NOT_FOUND"));
    }
    expect(await queries.rotations(stranger, world.account.id, { first: 5 })).toMatchObject(refused("ACCOUNT_NOT_FOUND"));
  });
});

describe("what protects a backup", () => {
  const protections = async () => {
    const found = await world.scenario.useCases.queries.backupProtections(admin(), world.account.id);
    if (!found.ok) throw new Error("refused");
    return found.value;
  };

  it("is the key of its generation's current wrap, before, during and after a rotation", async () => {
    const backup = await addBackup(world, 1);
    expect((await protections())(backup)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.from.arn, restorable: true });
    await world.start();
    expect((await protections())(backup)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.from.arn, restorable: true });
    await world.work();
    expect((await protections())(backup)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.to.arn, restorable: true });
    await world.finish();
    expect((await protections())(backup)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.to.arn, restorable: true });
  });

  it("is the former key for what a rotation left behind, and that is not known to be restorable", async () => {
    const left = await addBackup(world, 1);
    world.from.state = "Deleted";
    await world.start({ acceptLossOfUnreadable: "Acme" });
    await world.finish();
    expect((await protections())(left)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.from.arn, restorable: false });
    const fresh = await addBackup(world, 3);
    expect((await protections())(fresh)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.to.arn, restorable: true });
  });

  it("lets nothing be restored that failed, has not begun, has no key, is locked, or whose key was last seen to refuse", async () => {
    const backup = await addBackup(world, 1);
    const { manifest: _, generation: __, ...queued } = { ...backup, status: "QUEUED" as const };
    const shown = await protections();
    expect(shown({ ...backup, status: "FAILED" })).toMatchObject({ restorable: false });
    expect(shown(queued)).toEqual({ protectedBy: "ENTERPRISE", keyArn: world.from.arn, restorable: false });
    expect(shown({ ...backup, generation: 77 })).toMatchObject({ restorable: false });
    world.from.state = "Disabled";
    await world.scenario.useCases.checkKeyHealth(admin(), {});
    expect((await protections())(backup)).toMatchObject({ restorable: false });
    world.from.state = "Enabled";
    await world.scenario.useCases.checkKeyHealth(admin(), {});
    expect((await protections())(backup)).toMatchObject({ restorable: true });
    await lock(world.ports, world.account.id);
    expect((await protections())(backup)).toMatchObject({ restorable: false });
  });

  it("is the vendor's key in Cloud Key Management, whose ARN is nobody's business", async () => {
    const { scenario } = world;
    const account = await scenario.createActivated("Cloud");
    await scenario.addGeneration(account);
    const backup = { ...(await addBackup(world, 1)), accountId: account.id };
    const found = await scenario.useCases.queries.backupProtections(tenantCaller(account), account.id);
    expect(found.ok && found.value(backup)).toEqual({ protectedBy: "CLOUD", restorable: true });
  });
});
