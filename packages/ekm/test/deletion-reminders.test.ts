// Invariant: whoever is told that a key is about to be deleted is told again at each step of the countdown, once, however many workers
// look, and no more once the deletion was cancelled, another key was taken or it is too late.
import { beforeEach, describe, expect, it } from "vitest";
import { type Account, createWorkerUseCases, type WorkerUseCases } from "../src/index.js";
import type { MemoryKey } from "../testing/index.js";
import { tenantCaller } from "../testing/index.js";
import { must, type WebhookScenario, webhookScenario } from "./support/webhooks.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: WebhookScenario;
let worker: WorkerUseCases;
let account: Account;
let key: MemoryKey;
let webhookId: string;
beforeEach(async () => {
  world = webhookScenario();
  worker = createWorkerUseCases(world.ports);
  account = await world.scenario.createActivated();
  key = world.scenario.keyFor(account);
  await must(world.scenario.enable(account, key.arn, world.useCases));
  webhookId = (await world.create(account, { kinds: ["KEY_PENDING_DELETION"] })).id;
});

const now = () => world.ports.clock.now().getTime();
const probe = () => must(world.useCases.checkKeyHealth(tenantCaller(account), {}));
async function scheduleDeletion(inMs: number): Promise<void> {
  Object.assign(key, { state: "PendingDeletion", deletionDate: new Date(now() + inMs) });
  await probe();
}
/** Hours left, in each message, in order. */
const told = async (): Promise<number[]> =>
  (await world.deliveries(webhookId)).map(({ body }) => JSON.parse(body).data.hoursLeft as number).reverse();
async function passTime(ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await world.ports.clock.advance(stepMs);
    await worker.remindOfDeletions();
  }
}

describe("a key that is about to be deleted", () => {
  it("is told of when it is seen, and at 14, 7, 3 and 1 days and 12, 6, 3 and 1 hours, once each", async () => {
    await scheduleDeletion(30 * DAY);
    await worker.remindOfDeletions();
    expect(await told()).toEqual([720]);
    await passTime(31 * DAY, HOUR / 2);
    expect(await told()).toEqual([720, 14 * 24, 7 * 24, 3 * 24, 24, 12, 6, 3, 1]);
  });

  it("is not told of twice in the step in which it was seen", async () => {
    await scheduleDeletion(7 * DAY);
    await passTime(3 * DAY, HOUR);
    expect(await told()).toEqual([168]);
  });

  it("is told of once by several workers", async () => {
    await scheduleDeletion(7 * DAY);
    await worker.remindOfDeletions();
    await world.ports.clock.advance(4.5 * DAY);
    const others = [worker, createWorkerUseCases(world.ports), createWorkerUseCases(world.ports)];
    const reminded = await Promise.all(others.map((other) => other.remindOfDeletions()));
    expect(reminded.sort()).toEqual([0, 0, 1]);
    expect(await told()).toEqual([168, 60]);
  });

  it("is told of at the present step when earlier ones were slept through", async () => {
    await scheduleDeletion(30 * DAY);
    await worker.remindOfDeletions();
    await world.ports.clock.advance(28 * DAY);
    await worker.remindOfDeletions();
    await worker.remindOfDeletions();
    expect(await told()).toEqual([720, 48]);
  });

  it("is told of no more once the deletion is cancelled, and anew when it is scheduled anew", async () => {
    await scheduleDeletion(8 * DAY);
    await passTime(2 * DAY, HOUR);
    expect(await told()).toEqual([192, 168]);
    Object.assign(key, { state: "Enabled", deletionDate: undefined });
    await probe();
    await passTime(7 * DAY, HOUR);
    expect(await told()).toEqual([192, 168]);
    await scheduleDeletion(10 * DAY);
    await passTime(4 * DAY, HOUR);
    expect(await told()).toEqual([192, 168, 240, 168]);
  });

  it("is nothing to tell of when the account uses another key by then", async () => {
    await scheduleDeletion(8 * DAY);
    await worker.remindOfDeletions();
    await world.ports.store.transaction(async (tx) => {
      const stored = await tx.accounts.byId(account.id);
      if (stored?.ekm.status !== "ENABLED") throw new Error("not enabled");
      await tx.accounts.save({ ...stored, ekm: { ...stored.ekm, key: { ...stored.ekm.key, arn: `${key.arn}-other` } } });
    });
    await passTime(8 * DAY, HOUR);
    expect(await told()).toEqual([192]);
  });

  it("is heard of by those who listen to the account, too", async () => {
    await scheduleDeletion(8 * DAY);
    await passTime(2 * DAY, HOUR);
    const events = await world.ports.store.read.events.since(account.id, 0, 100);
    expect(events.filter(({ kind }) => kind === "KEY_PENDING_DELETION")).toHaveLength(2);
  });
});
