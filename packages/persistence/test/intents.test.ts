// Invariant: what is known of a call to AWS is kept as it was learnt first.
import sqlite3 from "sqlite3";
import { expect, it } from "vitest";
import { ARN, insertAccount } from "./fixtures.js";
import { openTemporary } from "./support.js";

it("keeps the first outcome of an intent, with its time and request ids", async () => {
  const { store, sqlitePath, cleanup } = await openTemporary();
  const { id: accountId } = await insertAccount(store);
  const intent = { id: "int_1", accountId, purpose: "ROTATE", keyArn: ARN, at: new Date(1), awsRequestIds: [] } as const;
  await store.transaction((tx) => tx.intents.insert(intent));
  await store.transaction((tx) => tx.intents.finish("int_1", new Date(2), "DONE", ["req-1"]));
  await store.transaction((tx) => tx.intents.finish("int_1", new Date(3), "FAILED", ["req-2"]));

  const database = new sqlite3.Database(sqlitePath, sqlite3.OPEN_READONLY);
  const rows = await new Promise((resolve, reject) => {
    const sql = "SELECT finished_at, outcome, aws_request_ids FROM kms_intent";
    database.all(sql, (error, found) => (error ? reject(error) : resolve(found)));
  });
  await new Promise((resolve) => database.close(resolve));
  expect(rows).toEqual([{ finished_at: 2, outcome: "DONE", aws_request_ids: '["req-1"]' }]);
  await cleanup();
});
