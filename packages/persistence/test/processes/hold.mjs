// Writes in a transaction and stays inside it until it is killed.
import { entry, open, say } from "./store.mjs";

const [sqlitePath, accountId] = process.argv.slice(2);
const store = await open(sqlitePath);
await store.transaction(async (tx) => {
  const account = await tx.accounts.byId(accountId);
  await tx.accounts.save({ ...account, name: "half done", keyEpoch: 99 });
  await tx.audit.append(accountId, new Date(), entry);
  say({ holding: true });
  await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
});
