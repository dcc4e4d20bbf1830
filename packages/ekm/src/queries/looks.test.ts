import { expect, it, vi } from "vitest";
import { createScenario, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import { noteLooks, noteOnce } from "./looks.js";
import { queriesOnce } from "./read-once.js";

it("what cannot be noted is not shown, to support; a tenant's own looks need no writing", async () => {
  const { ports, createActivated } = createScenario();
  const account = await createActivated();
  vi.spyOn(ports.store, "transaction").mockRejectedValue(new Error("no writing now"));
  const queries = queriesOnce(ports);
  const looks = [
    () => queries.account(SUPPORT_CALLER, account.id),
    () => queries.accounts(SUPPORT_CALLER, { first: 5 }, {}),
    () => queries.node(SUPPORT_CALLER, account.id),
    () => queries.backups(SUPPORT_CALLER, account.id, { first: 5 }, {}),
    () => queries.diagnosis(SUPPORT_CALLER, account.id),
  ];
  for (const look of looks) await expect(look()).rejects.toThrow("no writing now");
  expect(await queriesOnce(ports).account(tenantCaller(account))).toMatchObject({ value: { id: account.id } });
});

it("a page is noted in one transaction, and what was noted already is not noted again", async () => {
  const { ports, createAccount } = createScenario();
  const ids = [(await createAccount("A")).id, (await createAccount("B")).id, (await createAccount("C")).id];
  const transaction = vi.spyOn(ports.store, "transaction");
  const note = noteOnce(noteLooks(ports));
  await Promise.all([note(SUPPORT_CALLER, ids.slice(0, 2)), note(SUPPORT_CALLER, ids), note(SUPPORT_CALLER, ids.slice(2))]);
  expect(transaction).toHaveBeenCalledTimes(2);
  const looks = ids.map((id) => ports.store.read.audit.count(id, { action: "ACCOUNT_READ_BY_SUPPORT" }));
  expect(await Promise.all(looks)).toEqual([1n, 1n, 1n]);
});
