// Invariant: whatever interrupts enabling, and wherever, the account is usable afterwards under the vendor's key or under the
// customer's key, never half under each, and enabling again with the same key succeeds.
import { describe, expect, it } from "vitest";
import { problem } from "../src/errors/catalog.js";
import { createUseCases } from "../src/index.js";
import { createScenario, type Scenario } from "../testing/index.js";
import { Crash, crashAt, failAt } from "./interrupt.js";
import { expectEnabled, expectUsable } from "./protection.js";

/** An activated account with generations under the vendor's key, and a customer's key (default: in the same Region). */
async function prepare(generations: number, region?: string) {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  for (let n = 0; n < generations; n += 1) await scenario.addGeneration(account);
  const key = scenario.ports.kms.addKey({ boundTo: account.id, ...(region ? { region } : {}) });
  return { scenario, account, key };
}

async function enableAgain(scenario: Scenario, account: Parameters<Scenario["enable"]>[0], arn: string) {
  const committed = (await scenario.stored(account)).ekm.status === "ENABLED";
  const again = await scenario.enable(account, arn);
  if (committed) expect(again).toMatchObject({ ok: false, error: [{ code: "EKM_ALREADY_ENABLED" }] });
  else expect(again).toMatchObject({ ok: true });
}

describe.each([
  ["a new account", 0, undefined],
  ["two generations, one Region", 2, undefined],
  ["two generations, two Regions", 2, "eu-west-1"],
] as const)("enabling %s", (_, generations, region) => {
  it("survives a crash at every point", async () => {
    let points = 0;
    for (let nth = 1; ; nth += 1) {
      const { scenario, account, key } = await prepare(generations, region);
      const interrupted = crashAt(scenario.ports, nth);
      const crashed = await scenario
        .enable(account, key.arn, createUseCases(interrupted.ports))
        .then(() => false)
        .catch((error: unknown) => {
          if (error instanceof Crash) return true;
          throw error;
        });
      await expectUsable(scenario, account);
      await enableAgain(scenario, account, key.arn);
      await expectEnabled(scenario, account, key.arn);
      if (!crashed) break;
      points = nth;
    }
    expect(points).toBeGreaterThan(60);
  });

  it.each(["refusal", "transient", "ours", "data"] as const)(
    "survives a failure (%s) of every KMS call",
    async (failureClass) => {
      const failure = { ...problem("KMS_INTERNAL"), failureClass };
      let refusals = 0;
      for (let nth = 1; ; nth += 1) {
        const { scenario, account, key } = await prepare(generations, region);
        const interrupted = failAt(scenario.ports, nth, failure);
        const outcome = await scenario.enable(account, key.arn, createUseCases(interrupted.ports));
        await expectUsable(scenario, account);
        if (!outcome.ok) {
          refusals += 1;
          expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
          await enableAgain(scenario, account, key.arn);
        }
        await expectEnabled(scenario, account, key.arn);
        if (interrupted.passed() < nth) break;
      }
      expect(refusals).toBeGreaterThan(8);
    },
  );
});

it("survives two crashes in a row at different points", async () => {
  for (let nth = 40; nth <= 70; nth += 3) {
    const { scenario, account, key } = await prepare(2);
    for (const at of [nth, nth - 5]) {
      const interrupted = crashAt(scenario.ports, at);
      await expect(scenario.enable(account, key.arn, createUseCases(interrupted.ports))).rejects.toThrow(Crash);
      await expectUsable(scenario, account);
    }
    await enableAgain(scenario, account, key.arn);
    await expectEnabled(scenario, account, key.arn);
  }
});

it("changes its key after a crash: what the first attempt left serves nothing and is gone", async () => {
  const { scenario, account, key } = await prepare(2);
  let leftWraps = 0;
  for (let nth = 50; leftWraps === 0; nth += 1) {
    const interrupted = crashAt(scenario.ports, nth);
    await expect(scenario.enable(account, key.arn, createUseCases(interrupted.ports))).rejects.toThrow(Crash);
    leftWraps = (await scenario.ports.store.read.keys.wraps(account.id)).filter((wrap) => wrap.keyArn === key.arn).length;
  }
  const other = scenario.keyFor(account);
  expect(await scenario.enable(account, other.arn)).toMatchObject({ ok: true });
  await expectEnabled(scenario, account, other.arn);
});
