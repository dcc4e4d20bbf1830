// Invariant: of any number of simultaneous attempts to enable EKM exactly one succeeds, and what the others did leaves neither
// a wrap nor a key record that differs from the winner's. A generation born meanwhile is not left behind.
import { expect, it } from "vitest";
import { createUseCases } from "../src/index.js";
import { ensureOpenGeneration } from "../src/keyring/ensure-open-generation.js";
import { createScenario, tenantCaller } from "../testing/index.js";
import { expectEnabled, expectUsable } from "./protection.js";

it.each([2, 20])("%d attempts with one key: one enables, the others learn it", async (attempts) => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  await scenario.addGeneration(account);
  const { arn } = scenario.keyFor(account);
  const { keyRecords } = scenario.ports;
  const recorded = new Set<string>();
  const useCases = createUseCases({
    ...scenario.ports,
    keyRecords: {
      ...keyRecords,
      async put(wrap, checkValue) {
        recorded.add(`${wrap.generation} ${checkValue}`);
        // Slow enough for the others to write their own wraps meanwhile.
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await keyRecords.put(wrap, checkValue);
      },
    },
  });
  const outcomes = await Promise.all(Array.from({ length: attempts }, () => scenario.enable(account, arn, useCases)));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  for (const outcome of outcomes) {
    if (!outcome.ok) expect(outcome.error).toMatchObject([{ code: "EKM_ALREADY_ENABLED" }]);
  }
  await expectEnabled(scenario, account, arn);
  const generations = await scenario.ports.store.read.keys.generations(account.id);
  expect(generations).toHaveLength(2);
  // A slow loser's record must not stand for another key than the winner's.
  expect([...recorded].sort()).toEqual(generations.map(({ generation, checkValue }) => `${generation} ${checkValue}`));
  const enabled = await scenario.ports.store.read.audit.page(account.id, { first: 100 }, { action: "EKM_ENABLED" });
  expect(enabled.items.filter((event) => event.outcome === "DONE")).toHaveLength(1);
});

it("two attempts with two keys: one key wins, and protects everything", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  await scenario.addGeneration(account);
  const arns = [scenario.keyFor(account).arn, scenario.keyFor(account).arn];
  const outcomes = await Promise.all(arns.map((arn) => scenario.enable(account, arn)));
  const won = outcomes.findIndex((outcome) => outcome.ok);
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  await expectEnabled(scenario, account, arns[won] ?? "");
});

it("a generation born under the vendor's key during every attempt but the last is taken along", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  await scenario.addGeneration(account);
  const { arn } = scenario.keyFor(account);
  let born = 0;
  const { keyRecords } = scenario.ports;
  const useCases = createUseCases({
    ...scenario.ports,
    keyRecords: {
      ...keyRecords,
      async put(wrap, checkValue) {
        if (born < 3) {
          born += 1;
          await scenario.addGeneration(account);
        }
        await keyRecords.put(wrap, checkValue);
      },
    },
  });
  expect(await scenario.enable(account, arn, useCases)).toMatchObject({ ok: true });
  expect(born).toBe(3);
  await expectEnabled(scenario, account, arn);
});

it("an account whose generations never stop changing is left as it was", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  const { keyRecords } = scenario.ports;
  const useCases = createUseCases({
    ...scenario.ports,
    keyRecords: {
      ...keyRecords,
      async put(wrap, checkValue) {
        await scenario.addGeneration(account);
        await keyRecords.put(wrap, checkValue);
      },
    },
  });
  const outcome = await scenario.enable(account, scenario.keyFor(account).arn, useCases);
  expect(outcome).toMatchObject({ ok: false, error: [{ code: "JOB_CONFLICT" }] });
  await expectUsable(scenario, account);
});

it("a backup that begins while EKM is being enabled gets a generation that the customer's key opens", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  const { arn } = scenario.keyFor(account);
  const generation = ensureOpenGeneration(scenario.ports, account.id);
  const [outcome, made] = await Promise.all([scenario.enable(account, arn), generation]);
  expect(outcome).toMatchObject({ ok: true });
  expect(made).toMatchObject({ ok: true });
  await expectEnabled(scenario, account, arn);
});

it("a withdrawal during enabling wins or loses whole", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  const { arn } = scenario.keyFor(account);
  const withdraw = () =>
    scenario.useCases.withdrawEkmActivation({ subject: "sam", roles: ["SUPPORT"] }, { accountId: account.id, reason: "no" });
  let withdrawn: Awaited<ReturnType<typeof withdraw>> | undefined;
  scenario.ports.kms.hooks.before = async (call) => {
    if (call.operation === "encrypt" && call.context?.["ekm:purpose"] === "account-key") withdrawn ??= await withdraw();
  };
  expect(await scenario.enable(account, arn)).toMatchObject({ ok: false, error: [{ code: "EKM_NOT_ACTIVATED" }] });
  expect(withdrawn).toMatchObject({ ok: true });
  await expectUsable(scenario, account);
  expect(await scenario.ports.store.read.keys.generations(account.id)).toEqual([]);
});

it("two accounts with one key that binds neither: one gets it", async () => {
  const scenario = createScenario();
  const accounts = [await scenario.createActivated("One"), await scenario.createActivated("Two")];
  const { arn } = scenario.ports.kms.addKey();
  const outcomes = await Promise.all(accounts.map((account) => scenario.enable(account, arn)));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({ error: [{ code: "KEY_TAKEN" }] });
});

it("revoking the vendor's key afterwards changes nothing; revoking the customer's stops everything", async () => {
  const scenario = createScenario();
  const account = await scenario.createActivated();
  await scenario.addGeneration(account);
  await scenario.addGeneration(account);
  const key = scenario.keyFor(account);
  await scenario.enable(account, key.arn);
  for (const vendor of scenario.ports.kms.vendorOwned) vendor.state = "Deleted";
  await expectEnabled(scenario, account, key.arn);

  key.state = "Disabled";
  for (const wrap of await scenario.ports.store.read.keys.wraps(account.id)) {
    const opened = await scenario.ports.keyService.decrypt(wrap.keyArn, wrap.ciphertext, {
      "ekm:account": account.id,
      "ekm:purpose": "account-key",
      "ekm:generation": String(wrap.generation),
    });
    expect(opened).toMatchObject({ ok: false, error: { code: "KEY_DISABLED" } });
  }
  const health = await scenario.useCases.checkKeyHealth(tenantCaller(account), {});
  expect(health).toMatchObject({ ok: true, value: { state: "UNUSABLE", problem: { code: "KEY_DISABLED" } } });
});
