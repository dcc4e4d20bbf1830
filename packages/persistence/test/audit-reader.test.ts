// Invariant: verification reads one state of the log, changes nothing, passes over no account, and is not stopped by a row that
// somebody else wrote.
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AuditReader, openAuditReader } from "../src/index.js";
import { entry, insertAccount } from "./fixtures.js";
import { openTemporary, temporaryDirectory } from "./support.js";
import { withRawConnection } from "./tamper.js";

let opened: Awaited<ReturnType<typeof openTemporary>>;
let reader: AuditReader;
beforeEach(async () => {
  opened = await openTemporary();
  reader = await openAuditReader(opened);
});
afterEach(async () => {
  await reader.close();
  await opened.cleanup();
});

const append = (id: string) => opened.store.transaction((tx) => tx.audit.append(id, new Date(1), entry));
const read = (id: string) => reader.snapshot(async (log) => ({ head: await log.head(id), chain: await log.chain(id, 0, 100) }));

it("answers the chain, and the head that was written with it", async () => {
  const { id } = await insertAccount(opened.store);
  expect(await read(id)).toEqual({ head: null, chain: [] });
  const first = await append(id);
  const second = await append(id);
  expect(await read(id)).toEqual({
    head: { sequence: 2, hash: second.hash },
    chain: [first, second].map((event) => ({ sequence: event.sequence, event })),
  });
});

it("shows one state, whatever is written meanwhile", async () => {
  const { id } = await insertAccount(opened.store);
  await append(id);
  await reader.snapshot(async (log) => {
    expect((await log.head(id))?.sequence).toBe(1);
    await append(id);
    expect(await log.chain(id, 0, 100)).toHaveLength(1);
  });
  expect((await read(id)).chain).toHaveLength(2);
});

it("knows accounts whose row was removed", async () => {
  const ids = [await insertAccount(opened.store), await insertAccount(opened.store)].map(({ id }) => id);
  for (const id of ids) await append(id);
  await withRawConnection(opened.sqlitePath, "PRAGMA foreign_keys = OFF", `DELETE FROM account WHERE id = '${ids[0]}'`);
  expect(await reader.accountIds()).toEqual([...ids].sort());
});

it.each(["at = 'never'", "aws_request_ids = '{'", "aws_request_ids = 'null'", "aws_request_ids = '1'"])(
  "answers null for what is no event any more: %s",
  async (damage) => {
    const { id } = await insertAccount(opened.store);
    await append(id);
    await withRawConnection(opened.sqlitePath, `UPDATE audit_event SET ${damage}`);
    expect((await read(id)).chain).toEqual([{ sequence: 1, event: null }]);
  },
);

it("answers checkpoints, rounds and the traces of effects, each on from where one was", async () => {
  const { id } = await insertAccount(opened.store);
  for (const n of [1, 2, 3]) {
    const { sequence, hash } = await append(id);
    const round = { round: n, at: new Date(n), jws: `round.${n}`, digest: "" };
    const checkpoint = { accountId: id, sequence, hash, round: n, jws: `checkpoint.${n}`, digest: "" };
    await opened.store.transaction((tx) => tx.checkpoints.insert(round, [checkpoint]));
    const intent = { id: `int_${n}`, accountId: id, purpose: "ENABLE", at: new Date(n), awsRequestIds: [`r${n}`] } as const;
    await opened.store.transaction((tx) => tx.intents.insert(intent));
  }
  await opened.store.transaction((tx) => tx.checkpoints.markExported(1));
  const stored = await reader.snapshot((log) => log.checkpoints(id, 1, 1));
  expect(stored).toMatchObject([{ sequence: 2, round: 2, jws: "checkpoint.2" }]);
  expect(await reader.rounds(0, 2)).toMatchObject([
    { round: 1, jws: "round.1", exported: true },
    { round: 2, jws: "round.2", exported: false },
  ]);
  expect(await reader.rounds(3, 2)).toEqual([]);
  expect((await reader.intents("int_1", 1)).map(({ awsRequestIds }) => awsRequestIds)).toEqual([["r2"]]);
});

it("changes and makes nothing", async () => {
  const { id } = await insertAccount(opened.store);
  const write = reader.snapshot(async () => {
    await append(id);
    throw new Error("no further");
  });
  await expect(write).rejects.toThrow("no further");
  expect((await read(id)).chain, "the reader is usable after a failure").toHaveLength(1);
  const { directory, remove } = await temporaryDirectory();
  await expect(openAuditReader({ sqlitePath: `${directory}/none.sqlite` })).rejects.toThrow();
  await remove();
});
