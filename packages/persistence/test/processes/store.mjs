// What the child processes of the hazard tests share. They run the built package, as the gateway and the worker do.
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "@ekm/persistence";

const clock = { now: () => new Date(), monotonicMs: () => performance.now(), sleep: (ms) => sleep(ms) };
let count = 0;
const ids = {
  next: (prefix) => `${prefix}_${String(++count).padStart(16, "0")}${String(process.pid).padStart(10, "0")}`,
};

export const open = (sqlitePath) => openStore({ sqlitePath, clock, ids });
export const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
export const entry = { actor: `process ${process.pid}`, action: "BACKUP", outcome: "DONE", detail: "done", awsRequestIds: [] };

/** Moves one unit from one account to the other, and writes both chains, in one transaction. */
export const move = (store, from, to) =>
  store.transaction(async (tx) => {
    for (const [id, units] of [
      [from, -1],
      [to, 1],
    ]) {
      const account = await tx.accounts.byId(id);
      await tx.accounts.save({ ...account, keyEpoch: account.keyEpoch + units });
      await tx.audit.append(id, clock.now(), entry);
    }
  });
