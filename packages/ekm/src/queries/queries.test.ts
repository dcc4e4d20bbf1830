import { beforeEach, describe, expect, it } from "vitest";
import { createScenario, type Scenario, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import type { Queries } from "./queries.js";

let scenario: Scenario;
let account: Account;
let queries: Queries;
beforeEach(async () => {
  scenario = createScenario();
  account = await scenario.createActivated();
  queries = scenario.useCases.queries;
});
const viewer = () => tenantCaller(account, "ACCOUNT_VIEWER");

describe("queries", () => {
  it("mean the caller's own account when none is named; support has none", async () => {
    expect(await queries.account(viewer())).toEqual({ ok: true, value: account });
    expect(await queries.account(SUPPORT_CALLER)).toEqual({ ok: true, value: null });
    expect(await queries.account({ subject: "x", roles: [] })).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });

  it("list accounts for support alone, newest first, page by page", async () => {
    for (const name of ["B", "C", "D"]) await scenario.createAccount(name);
    const first = await queries.accounts(SUPPORT_CALLER, { first: 3 }, {});
    if (!first.ok) throw new Error("denied");
    expect(first.value.items.map((one) => one.name)).toEqual(["D", "C", "B"]);
    expect(first.value.hasNextPage).toBe(true);
    expect(await first.value.totalCount()).toBe(4n);
    const after = first.value.items.at(-1)?.id ?? "";
    const rest = await queries.accounts(SUPPORT_CALLER, { first: 3, after }, {});
    expect(rest).toMatchObject({ value: { items: [{ name: "Acme" }], hasNextPage: false } });
    expect(await queries.accounts(viewer(), { first: 3 }, {})).toEqual({ ok: false, error: { denied: "FORBIDDEN" } });
  });

  it("keep pages within 1 and 100 items", async () => {
    for (let n = 0; n < 120; n += 1) await scenario.createAccount(`N${n}`);
    const sizes = [0, -5, 1, 1000].map(async (first) => {
      const page = await queries.accounts(SUPPORT_CALLER, { first }, {});
      return page.ok && page.value.items.length;
    });
    expect(await Promise.all(sizes)).toEqual([1, 1, 1, 100]);
  });

  it("find sources, backups and restores by id, and nothing by nonsense", async () => {
    const admin = tenantCaller(account);
    const source = await scenario.useCases.registerBackupSource(admin, {
      name: "a",
      kind: "DIRECTORY",
      location: "/data/a",
    });
    const sourceId = source.ok ? source.value.id : "";
    const backup = await scenario.useCases.startBackup(admin, { sourceId });
    const backupId = backup.ok ? backup.value.id : "";
    expect(await queries.node(viewer(), sourceId)).toMatchObject({ value: { kind: "source", value: { id: sourceId } } });
    expect(await queries.node(viewer(), backupId)).toMatchObject({ value: { kind: "backup", value: { id: backupId } } });
    expect(await queries.node(viewer(), account.id)).toMatchObject({ value: { kind: "account", value: account } });
    const [event] = await scenario.ports.store.read.audit.chain(account.id, 0, 1);
    expect(await queries.node(viewer(), event?.id ?? "")).toEqual({ ok: true, value: { kind: "auditEvent", value: event } });
    for (const id of ["", "nonsense", "job_00000000000000000000000001"]) {
      expect(await queries.node(viewer(), id)).toEqual({ ok: true, value: null });
    }
    expect(await queries.sources(viewer(), account.id, { first: 5 })).toMatchObject({ value: { items: [{ id: sourceId }] } });
    const filtered = await queries.backups(viewer(), account.id, { first: 5 }, { status: "FAILED" });
    expect(filtered).toMatchObject({ value: { items: [] } });
    expect(filtered.ok && (await filtered.value.totalCount())).toBe(0n);
  });

  it("show the audit log newest first, by action if asked", async () => {
    const all = await queries.auditLog(viewer(), account.id, { first: 1 }, {});
    expect(all).toMatchObject({ value: { items: [{ action: "EKM_ACTIVATED", sequence: 2 }], hasNextPage: true } });
    const created = await queries.auditLog(viewer(), account.id, { first: 5 }, { action: "ACCOUNT_CREATED" });
    expect(created).toMatchObject({ value: { items: [{ sequence: 1 }], hasNextPage: false } });
  });

  it("show a key's health only while there is a customer's key, and as unknown when it is old", async () => {
    expect(await queries.keyHealth(viewer(), account.id)).toEqual({ ok: true, value: null });
    await scenario.enable(account, scenario.keyFor(account).arn);
    expect(await queries.keyHealth(viewer(), account.id)).toMatchObject({ value: { state: "HEALTHY" } });
    expect(await queries.healthHistory(viewer(), account.id, { first: 5 })).toMatchObject({ value: { items: [{}] } });
    expect(await queries.keyImpact(viewer(), account.id)).toEqual({
      ok: true,
      value: { backups: 0n, bytes: 0n, generations: 0 },
    });
    await scenario.ports.clock.advance(3600 * 1000);
    expect(await queries.keyHealth(viewer(), account.id)).toMatchObject({ value: { state: "UNKNOWN" } });
  });
});
