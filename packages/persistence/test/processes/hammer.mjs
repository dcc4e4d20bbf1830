// Told to start, moves `rounds` units from one account to the other and claims every job it can get.
import { once } from "node:events";
import { move, open, say } from "./store.mjs";

const [sqlitePath, from, to, rounds] = process.argv.slice(2);
const store = await open(sqlitePath);
say({ ready: true });
await once(process.stdin, "data");
process.stdin.destroy();
const claimed = [];
for (let round = 0; round < Number(rounds); round += 1) {
  await move(store, from, to);
  const job = await store.transaction((tx) => tx.jobs.claim(`process ${process.pid}`, ["BACKUP"], 600_000));
  if (job) claimed.push(job);
}
await store.close();
say({ claimed });
