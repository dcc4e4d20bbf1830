// Invariant: a request that changes nothing reads each thing once and shows one moment; the next request sees what has changed.
import { expect, it, vi } from "vitest";
import { queriesOnce } from "../src/index.js";
import { createScenario, tenantCaller } from "../testing/index.js";

it("reads the account once for all that is asked of it, and anew for the next request", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  expect((await scenario.enable(account, scenario.keyFor(account).arn)).ok).toBe(true);
  const admin = tenantCaller(account);
  const { store } = scenario.ports;
  const byId = vi.spyOn(store.read.accounts, "byId");

  const first = queriesOnce(scenario.ports);
  const looks = await Promise.all([
    first.account(admin),
    first.keyHealth(admin, account.id),
    first.keyImpact(admin, account.id),
    first.activeRotation(admin, account.id),
  ]);
  expect(looks.every(({ ok }) => ok)).toBe(true);
  expect(byId).toHaveBeenCalledTimes(1);

  await scenario.useCases.lockAccountKeys(admin, { reason: "drill" });
  expect(await first.account(admin)).not.toMatchObject({ value: { keyLock: { reason: "drill" } } });
  expect(await queriesOnce(scenario.ports).account(admin)).toMatchObject({ value: { keyLock: { reason: "drill" } } });
});
