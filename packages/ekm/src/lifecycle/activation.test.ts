import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import { verifyChain } from "../audit/chain.js";

const DAY_MS = 24 * 3600 * 1000;
const refused = (...codes: string[]) => ({ ok: false, error: codes.map((code) => expect.objectContaining({ code })) });

let scenario: Scenario;
let account: Account;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createAccount();
});

const activate = (more: { ticket?: string; expiresInDays?: number } = {}) =>
  scenario.useCases.activateEkm(SUPPORT_CALLER, { accountId: account.id, ...more });
const withdraw = () => scenario.useCases.withdrawEkmActivation(SUPPORT_CALLER, { accountId: account.id, reason: "by mistake" });
const actions = async () => {
  const events = await scenario.ports.store.read.audit.chain(account.id, 0, 100);
  expect(verifyChain(account.id, events).intact).toBe(true);
  return events.map((event) => event.action);
};

describe("createAccount", () => {
  it("begins under Cloud Key Management, without EKM and without a KMS call", async () => {
    expect(account).toMatchObject({ name: "Acme", ekm: { status: "NOT_ACTIVATED" } });
    expect(await scenario.stored(account)).toEqual(account);
    expect(scenario.ports.kms.calls).toEqual([]);
    expect(await actions()).toEqual(["ACCOUNT_CREATED"]);
  });

  it.each(["", "   ", "a".repeat(201), "a\u0000b", "a\nb"])("refuses the name %j", async (name) => {
    expect(await scenario.useCases.createAccount(SUPPORT_CALLER, { name })).toMatchObject(refused("INPUT_INVALID"));
  });

  it("is for support alone", async () => {
    const outcome = await scenario.useCases.createAccount(tenantCaller(account), { name: "Mine" });
    expect(outcome).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });
});

describe("activateEkm", () => {
  it("records who, when, why and until when", async () => {
    const outcome = await activate({ ticket: " T-1 ", expiresInDays: 30 });
    const now = scenario.ports.clock.now();
    const activation = {
      activatedAt: now,
      activatedBy: SUPPORT_CALLER.subject,
      ticket: "T-1",
      expiresAt: new Date(now.getTime() + 30 * DAY_MS),
    };
    expect(outcome).toMatchObject({ ok: true, value: { ekm: { status: "ACTIVATED", activation } } });
    expect(await scenario.stored(account)).toEqual(outcome.ok && outcome.value);
  });

  it("extends when repeated, and keeps who activated first", async () => {
    await activate({ ticket: "T-1", expiresInDays: 1 });
    const first = scenario.ports.clock.now();
    await scenario.ports.clock.advance(DAY_MS / 2);
    const again = await activate({ expiresInDays: 10 });
    const expiresAt = new Date(first.getTime() + 10.5 * DAY_MS);
    expect(again).toMatchObject({ value: { ekm: { activation: { activatedAt: first, ticket: "T-1", expiresAt } } } });
    expect(await actions()).toEqual(["ACCOUNT_CREATED", "EKM_ACTIVATED", "EKM_ACTIVATED"]);
  });

  it.each([0, -1, 1.5, 3651, Number.NaN])("refuses %d days", async (expiresInDays) => {
    expect(await activate({ expiresInDays })).toMatchObject(refused("INPUT_INVALID"));
  });

  it("answers ACCOUNT_NOT_FOUND for an unknown account", async () => {
    const outcome = await scenario.useCases.activateEkm(SUPPORT_CALLER, { accountId: "acc_unknown" });
    expect(outcome).toMatchObject(refused("ACCOUNT_NOT_FOUND"));
  });

  it("is refused once EKM is enabled", async () => {
    await activate();
    await scenario.enable(account, scenario.keyFor(account).arn);
    expect(await activate()).toMatchObject(refused("EKM_ALREADY_ENABLED"));
  });
});

describe("withdrawEkmActivation", () => {
  it("takes the activation back before enabling", async () => {
    await activate();
    expect(await withdraw()).toMatchObject({ ok: true, value: { ekm: { status: "NOT_ACTIVATED" } } });
    expect(await actions()).toEqual(["ACCOUNT_CREATED", "EKM_ACTIVATED", "EKM_ACTIVATION_WITHDRAWN"]);
    const { arn } = scenario.keyFor(account);
    expect(await scenario.enable(account, arn)).toMatchObject(refused("EKM_NOT_ACTIVATED"));
  });

  it("is irreversible after enabling, not merely forbidden", async () => {
    await activate();
    await scenario.enable(account, scenario.keyFor(account).arn);
    expect(await withdraw()).toMatchObject(refused("EKM_IRREVERSIBLE"));
    expect((await scenario.stored(account)).ekm.status).toBe("ENABLED");
  });

  it("has nothing to take back before activation", async () => {
    expect(await withdraw()).toMatchObject(refused("EKM_NOT_ACTIVATED"));
  });
});

describe("an activation that is not used", () => {
  beforeEach(async () => {
    await activate({ expiresInDays: 1 });
  });
  const lapse = () => scenario.ports.clock.advance(DAY_MS);
  const look = () => scenario.useCases.queries.account(tenantCaller(account));

  it("holds until the moment it ends", async () => {
    await scenario.ports.clock.advance(DAY_MS - 1);
    expect(await look()).toMatchObject({ value: { ekm: { status: "ACTIVATED" } } });
    await scenario.ports.clock.advance(1);
    expect(await look()).toMatchObject({ value: { ekm: { status: "NOT_ACTIVATED" } } });
  });

  it("is gone for readers at once, though no write has met it", async () => {
    await lapse();
    await look();
    expect((await scenario.stored(account)).ekm.status).toBe("ACTIVATED");
    expect(await actions()).not.toContain("EKM_ACTIVATION_LAPSED");
  });

  it("answers EKM_ACTIVATION_LAPSED to every EKM mutation, and is written down once", async () => {
    await lapse();
    const admin = tenantCaller(account);
    const { arn: keyArn } = scenario.keyFor(account);
    const mutations = [
      () => scenario.useCases.validateKmsKey(admin, { keyArn }),
      () => scenario.enable(account, keyArn),
      () => scenario.useCases.checkKeyHealth(admin, {}),
      () => withdraw(),
    ];
    for (const mutation of mutations) expect(await mutation()).toMatchObject(refused("EKM_ACTIVATION_LAPSED"));
    expect((await actions()).filter((action) => action === "EKM_ACTIVATION_LAPSED")).toHaveLength(1);
    expect((await scenario.stored(account)).ekm).toMatchObject({ status: "NOT_ACTIVATED", lapsedAt: expect.any(Date) });
    expect(scenario.ports.kms.calls).toEqual([]);
  });

  it("can be activated anew, and is then a new activation", async () => {
    await lapse();
    const again = await activate();
    expect(again).toMatchObject({ value: { ekm: { activation: { activatedAt: scenario.ports.clock.now() } } } });
    expect(await actions()).toEqual(["ACCOUNT_CREATED", "EKM_ACTIVATED", "EKM_ACTIVATION_LAPSED", "EKM_ACTIVATED"]);
  });
});
