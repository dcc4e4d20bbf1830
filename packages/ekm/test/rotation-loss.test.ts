// Invariant: one generation that cannot be moved does not stop the others and is named; without the admin's word there is then no
// switch, with it nothing is destroyed, and no certificate says that the former key may go. A lying KMS never gets a wrap.
import { AccountKey } from "@ekm/crypto-core";
import { describe, expect, it } from "vitest";
import { accountKeyContext, ensureOpenGeneration } from "../src/index.js";
import { expectUsable } from "./protection.js";
import {
  addBackup,
  claimsOf,
  damage,
  expectRotated,
  expectUnrotated,
  type RotationWorld,
  rotationWorld,
} from "./support/rotations.js";

const statesOf = async ({ wraps, from, to }: RotationWorld) =>
  (await wraps()).map(
    ({ generation, keyArn, state }) => `${generation} ${keyArn === to.arn ? "to" : keyArn === from.arn ? "from" : "?"} ${state}`,
  );

describe("without the admin's word", () => {
  it("1 % bad rows of 1000: 990 are moved, each bad one is named with its backups, no switch is made", async () => {
    const world = await manyGenerations(1000);
    const { ports, from, to } = world;
    const bad = Array.from({ length: 10 }, (_, n) => 100 * n + 7);
    await damage(world, bad);
    for (const generation of bad.slice(0, 3)) await addBackup(world, generation);
    await addBackup(world, bad[0] ?? 0);
    await world.start();
    ports.kms.calls.length = 0;
    await world.workUntil(({ rewrapped }) => rewrapped === 990);
    expect(ports.kms.calls).toHaveLength(2 * 990 + 2 * 10);
    // No switch at first sight; the ten are looked at once more.
    expect(await world.rotation()).toMatchObject({ status: "RUNNING", rewrapped: 990, total: 1000 });
    expect((await world.wraps()).filter(({ keyArn, state }) => keyArn === to.arn && state === "PENDING")).toHaveLength(990);
    const rotation = await world.finish();
    expect(rotation).toMatchObject({ status: "FAILED", problem: { code: "ACCOUNT_KEY_UNREADABLE", keyArn: from.arn } });
    expect(rotation.problem?.message).toContain("10 of 1000");
    const failures = await world.failures();
    expect(failures.map(({ generation }) => generation)).toEqual(bad);
    expect(failures.map(({ backups }) => backups)).toEqual([2n, 1n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    for (const { problem } of failures) expect(problem).toMatchObject({ code: "ACCOUNT_KEY_UNREADABLE", keyArn: from.arn });
    expect((await world.wraps()).every(({ keyArn, state }) => keyArn === from.arn && state === "CURRENT")).toBe(true);
    expect((await ports.keyRecords.list(world.account.id)).some(({ keyArn }) => keyArn === to.arn)).toBe(false);
  }, 60_000);

  it("a row that is mended before the second look is moved, and no longer named", async () => {
    const world = await rotationWorld({ generations: 4 });
    const mend = await damage(world, [2, 3]);
    await world.start();
    await world.work();
    expect((await world.failures()).map(({ generation }) => generation)).toEqual([2, 3]);
    await mend();
    expect(await world.finish()).toMatchObject({ status: "COMPLETED" });
    expect(await world.failures()).toEqual([]);
    await expectRotated(world);
  });

  it.each(["wrong-bytes", "invalid"] as const)(
    "a former key that lies (%s) fails the rotation, and the account is as it was",
    async (answers) => {
      const world = await rotationWorld({ generations: 3 });
      await world.start();
      world.from.reEncryptDenied = true;
      world.from.answers = answers;
      expect(await world.finish()).toMatchObject({
        status: "FAILED",
        problem: { code: "KMS_ANSWER_INVALID", keyArn: world.from.arn },
      });
      expect(await world.failures()).toHaveLength(3);
      world.from.answers = "truthful";
      await expectUnrotated(world);
    },
  );

  it.each([undefined, "Acme"])("a new key that lies gets no wrap, whatever the admin accepts (%s)", async (accepted) => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, to } = world;
    await world.start(accepted === undefined ? {} : { acceptLossOfUnreadable: accepted });
    to.answers = "wrong-bytes";
    const watched: string[] = [];
    const keyRecords = { ...ports.keyRecords, put: async () => void watched.push("put") };
    for (let n = 0; n < 3; n += 1) {
      await world.work({ ...ports, keyRecords });
      await ports.clock.advance(10_000);
      expect(await statesOf(world)).toEqual(["1 from CURRENT", "2 from CURRENT", "3 from CURRENT"]);
    }
    expect(watched).toEqual([]);
    expect(await world.rotation()).toMatchObject({ status: "FAILED", problem: { code: "KMS_ANSWER_INVALID", keyArn: to.arn } });
    await world.finish();
    await expectUnrotated(world);
  });

  it("re-encrypted bytes that hold another key never become a wrap", async () => {
    const world = await rotationWorld({ generations: 2 });
    const { ports, to } = world;
    const forged = {
      ...ports.keyService,
      async reEncrypt(request: Parameters<typeof ports.keyService.reEncrypt>[0]) {
        const answer = await ports.keyService.reEncrypt(request);
        return answer.ok ? { ...answer, value: { ciphertext: to.seal(new Uint8Array(32).fill(7), request.toContext) } } : answer;
      },
    };
    await world.start();
    await world.work({ ...ports, keyService: forged });
    expect(await world.rotation()).toMatchObject({ rewrapped: 2 });
    for (const detail of await world.audit("GENERATION_REWRAPPED")) expect(detail).toContain("by Decrypt and Encrypt");
    await world.finish();
    await expectRotated(world);
  });
});

describe("with the loss accepted by name", () => {
  const accept = (world: RotationWorld) => world.start({ acceptLossOfUnreadable: world.account.name });

  it.each([
    ["deleted", (world: RotationWorld) => Object.assign(world.from, { state: "Deleted" }), "KEY_ACCESS_DENIED"],
    ["disabled", (world: RotationWorld) => Object.assign(world.from, { state: "Disabled" }), "KEY_DISABLED"],
    [
      "gone with its key store",
      (world: RotationWorld) => Object.assign(world.from, { failWith: "EXTERNAL_KEY_STORE_UNREACHABLE" }),
      "EXTERNAL_KEY_STORE_UNREACHABLE",
    ],
  ] as const)("the former key is %s: all stays under it, a new generation begins under the new key", async (_, act, code) => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, account, from, to, scenario } = world;
    for (const generation of [1, 2, 2]) await addBackup(world, generation);
    act(world);
    expect(await accept(world)).toMatchObject({ status: "RUNNING", acceptsLoss: true });
    const rotation = await world.finish();
    expect(rotation).toMatchObject({ status: "COMPLETED" });
    expect(rotation.retirement).toBeUndefined();
    expect(rotation.problem).toBeUndefined();
    expect((await world.failures()).map(({ generation, backups, problem }) => [generation, backups, problem.code])).toEqual([
      [1, 1n, code],
      [2, 2n, code],
      [3, 0n, code],
    ]);
    expect(await statesOf(world)).toEqual(["1 from CURRENT", "2 from CURRENT", "3 from CURRENT", "4 to CURRENT"]);
    expect(await scenario.stored(account)).toMatchObject({ ekm: { status: "ENABLED", key: { arn: to.arn } } });
    const open = (await ports.store.read.keys.generations(account.id)).filter(({ closedAt }) => closedAt === undefined);
    expect(open.map(({ generation }) => generation)).toEqual([4]);
    expect(await ensureOpenGeneration(ports, account.id)).toMatchObject({ ok: true, value: { generation: 4 } });
    const records = (await ports.keyRecords.list(account.id)).map(({ generation, keyArn }) => `${generation} ${keyArn}`);
    expect(records.sort()).toEqual([1, 2, 3].map((n) => `${n} ${from.arn}`).concat(`4 ${to.arn}`));
    expect((await world.audit("ROTATION_COMPLETED"))[0]).toContain(`3 generation(s) (1, 2, 3) still depend on ${from.arn}`);
    expect((await world.audit("ROTATION_SWITCHED"))[0]).toContain("3 generation(s) stay");
  });

  it("a key that refuses for the blink of an eye loses nothing", async () => {
    const world = await rotationWorld({ generations: 3 });
    const { ports, from } = world;
    await accept(world);
    ports.kms.failNext("reEncrypt", "KEY_ACCESS_DENIED", 1);
    ports.kms.failNext("decrypt", "KEY_ACCESS_DENIED", 1);
    await world.work();
    expect(await world.failures()).toHaveLength(3);
    expect((await world.rotation()).switchedAt).toBeUndefined();
    expect((await world.wraps()).every(({ keyArn }) => keyArn === from.arn)).toBe(true);
    const rotation = await world.finish();
    expect(await world.failures()).toEqual([]);
    expect(claimsOf(rotation)).toMatchObject({ generationsCounted: 3 });
    await expectRotated(world);
  });

  it("only some cannot be opened: those stay, the rest is moved, and a certificate is not given", async () => {
    const world = await rotationWorld({ generations: 4 });
    await damage(world, [2]);
    await accept(world);
    const rotation = await world.finish();
    expect(rotation).toMatchObject({ status: "COMPLETED", rewrapped: 3, total: 4 });
    expect(rotation.retirement).toBeUndefined();
    expect(await statesOf(world)).toEqual(["1 to CURRENT", "2 from CURRENT", "3 to CURRENT", "4 to CURRENT", "5 to CURRENT"]);
    expect((await world.ports.keyRecords.list(world.account.id)).map(({ generation }) => generation).sort()).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it("nothing is lost: it is a rotation like any other, with a certificate and no new generation", async () => {
    const world = await rotationWorld({ generations: 2 });
    await accept(world);
    expect(claimsOf(await world.finish())).toMatchObject({ generationsCounted: 2 });
    await expectRotated(world);
  });

  it("what was left comes along with the next rotation, if its key has returned", async () => {
    const world = await rotationWorld({ generations: 2 });
    const { from, to, ports, account } = world;
    from.state = "Disabled";
    await accept(world);
    await world.finish();
    from.state = "Enabled";
    const third = ports.kms.addKey({ boundTo: account.id });
    await world.start({ keyArn: third.arn });
    expect(claimsOf(await world.finish())).toMatchObject({ fromArn: to.arn, generationsCounted: 3 });
    await expectRotated({ ...world, to: third, from: to });
    expect((await world.wraps()).some(({ keyArn }) => keyArn === from.arn)).toBe(false);
  });

  it("what was left and stays closed does not stop the next rotation, nor its certificate", async () => {
    const world = await rotationWorld({ generations: 2 });
    const { from, to, ports, account } = world;
    from.state = "Disabled";
    await accept(world);
    await world.finish();
    const third = ports.kms.addKey({ boundTo: account.id });
    await world.start({ keyArn: third.arn });
    const rotation = await world.finish();
    expect(claimsOf(rotation)).toMatchObject({ fromArn: to.arn, generationsCounted: 1 });
    expect((await world.failures()).map(({ generation }) => generation)).toEqual([1, 2]);
    const keys = (await world.wraps()).map(({ generation, keyArn }) => [generation, keyArn]);
    expect(keys).toEqual([
      [1, from.arn],
      [2, from.arn],
      [3, third.arn],
    ]);
    expect(await ports.keyRecords.list(account.id)).toHaveLength(3);
  });

  it("back to the key that was lost and found: what it still opens stays in place", async () => {
    const world = await rotationWorld({ generations: 2 });
    const { from, to, scenario, account } = world;
    from.state = "Disabled";
    await accept(world);
    await world.finish();
    from.state = "Enabled";
    const back = await world.start({ keyArn: from.arn });
    expect(back).toMatchObject({ rewrapped: 2, total: 3 });
    // Given up half way: the records of what that key opens stay.
    await scenario.useCases.cancelEkmKeyRotation(
      { subject: "a", roles: ["ACCOUNT_ADMIN"], accountId: account.id },
      { rotationId: back.id },
    );
    await world.work();
    expect(await world.ports.keyRecords.list(account.id)).toHaveLength(3);
    await world.start({ keyArn: from.arn });
    expect(claimsOf(await world.finish())).toMatchObject({ fromArn: to.arn, generationsCounted: 3 });
    await expectRotated({ ...world, to: from, from: to });
    await expectUsable(scenario, account);
  });
});

/** Generations written straight into the store: making each through KMS would take the test's time. */
async function manyGenerations(total: number): Promise<RotationWorld> {
  const world = await rotationWorld({ generations: 1 });
  const { ports, account, from } = world;
  await ports.store.transaction(async (tx) => {
    for (let generation = 2; generation <= total; generation += 1) {
      const key = AccountKey.generate();
      const createdAt = ports.clock.now();
      const row = {
        accountId: account.id,
        generation,
        checkValue: key.checkValue(),
        createdAt,
        reservedWraps: 0,
        closedAt: createdAt,
      };
      const ciphertext = key.use((bytes) => from.seal(bytes, accountKeyContext(account.id, generation)));
      await tx.keys.insertGeneration(row);
      const id = ports.ids.next("wrp");
      await tx.keys.insertWrap({
        id,
        accountId: account.id,
        generation,
        keyArn: from.arn,
        ciphertext,
        state: "CURRENT",
        createdAt,
      });
    }
  });
  return world;
}
