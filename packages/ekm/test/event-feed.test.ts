// Invariant: a listener hears each event of its account once and in order, from the one it names on, whatever happens between a read and a wait.
import { afterEach, describe, expect, it } from "vitest";
import { type AccountEvent, createEventFeed, createUseCases, type EventFeed, eventId, recordingStore } from "../src/index.js";
import { createMemoryPorts, SUPPORT_CALLER, tenantCaller } from "../testing/index.js";
import { cloudAccount } from "./support/accounts.js";

const feeds: EventFeed[] = [];
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
});

const clock = { sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };

async function setUp(over: Partial<Parameters<typeof createEventFeed>[0]> = {}) {
  const ports = createMemoryPorts();
  const account = await cloudAccount(ports);
  const feed = createEventFeed({ events: ports.store.read.events, clock, ...over });
  feeds.push(feed);
  const append = (accountId = account.id) =>
    ports.store.transaction((tx) => tx.events.append({ accountId, kind: "KEYS_LOCKED", at: ports.clock.now() }, false));
  return { ports, account, feed, append };
}
const take = async (events: AsyncIterator<AccountEvent>, count: number): Promise<number[]> => {
  const heard: number[] = [];
  while (heard.length < count) {
    const next = await events.next();
    if (next.done) break;
    heard.push(next.value.sequence);
  }
  return heard;
};

describe("the event feed", () => {
  it("tells what is there and then what comes, to each listener from its own place", async () => {
    const { account, feed, append } = await setUp();
    for (let n = 0; n < 3; n += 1) await append();
    const early = feed.listen(account.id, 0);
    const late = feed.listen(account.id, 2);
    expect(await take(early, 3)).toEqual([1, 2, 3]);
    expect(await take(late, 1)).toEqual([3]);
    const both = [take(early, 2), take(late, 2)];
    await append();
    await append();
    expect(await Promise.all(both)).toEqual([
      [4, 5],
      [4, 5],
    ]);
  });

  it("misses nothing that is committed between a listener's read and its wait", async () => {
    const { ports, account, append } = await setUp();
    let atRead = async (): Promise<void> => {};
    const events = {
      heads: ports.store.read.events.heads,
      async since(accountId: string, after: number, limit: number) {
        const batch = await ports.store.read.events.since(accountId, after, limit);
        await atRead();
        return batch;
      },
    };
    const feed = createEventFeed({ events, clock });
    feeds.push(feed);
    const listener = feed.listen(account.id, 0);
    let reads = 0;
    atRead = async () => {
      reads += 1;
      if (reads !== 1) return;
      await append();
      // Long enough for the feed to see the new head before the listener waits for it.
      for (let n = 0; n < 10; n += 1) await clock.sleep();
    };
    expect(await take(listener, 1)).toEqual([1]);
  });

  it("keeps accounts apart", async () => {
    const { ports, account, feed, append } = await setUp();
    const other = await cloudAccount(ports);
    const listener = feed.listen(account.id, 0);
    await append(other.id);
    await append();
    const next = await listener.next();
    expect(next.value).toMatchObject({ accountId: account.id, sequence: 1 });
  });

  it("goes on after a poll that failed", async () => {
    const { ports, account, append } = await setUp();
    let fails = 3;
    const errors: unknown[] = [];
    const feed = createEventFeed({
      events: {
        since: ports.store.read.events.since,
        heads: async (ids) => {
          if (fails-- > 0) throw new Error("busy");
          return ports.store.read.events.heads(ids);
        },
      },
      clock,
      onReadError: (error) => errors.push(error),
    });
    feeds.push(feed);
    const heard = take(feed.listen(account.id, 0), 1);
    await append();
    expect(await heard).toEqual([1]);
    expect(errors.length).toBeLessThanOrEqual(3);
  });

  it("ends for a listener that returns, that is stopped, and for all when it is closed; then nobody polls", async () => {
    let polls = 0;
    const { ports, account } = await setUp();
    const events = {
      since: ports.store.read.events.since,
      heads: async () => {
        polls += 1;
        return new Map();
      },
    };
    const feed = createEventFeed({ events, clock });
    const returned = feed.listen(account.id, 0);
    const waiting = returned.next();
    await returned.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });

    const stop = new AbortController();
    const stopped = feed.listen(account.id, 0, stop.signal).next();
    stop.abort();
    expect((await stopped).done).toBe(true);

    const last = feed.listen(account.id, 0).next();
    feed.close();
    expect((await last).done).toBe(true);
    for (let n = 0; n < 5; n += 1) await clock.sleep();
    const before = polls;
    for (let n = 0; n < 20; n += 1) await clock.sleep();
    expect(polls).toBe(before);
  });
});

describe("where listening begins", () => {
  async function world() {
    const memory = createMemoryPorts();
    const ports = { ...memory, store: recordingStore(memory.store, memory.clock) };
    const useCases = createUseCases(ports);
    const [mine, theirs] = [await cloudAccount(memory), await cloudAccount(memory)];
    const admin = tenantCaller(mine);
    await useCases.lockAccountKeys(admin, { reason: "drill" });
    await useCases.unlockAccountKeys(admin, { reason: "drill over" });
    return { ports, useCases, mine, theirs, admin };
  }

  it("is the present, or behind the event that is named", async () => {
    const { useCases, mine, admin } = await world();
    const { queries } = useCases;
    expect(await queries.openEvents(admin, {})).toEqual({ ok: true, value: { accountId: mine.id, after: 2 } });
    const after = eventId({ accountId: mine.id, sequence: 1 });
    expect(await queries.openEvents(admin, { after })).toEqual({ ok: true, value: { accountId: mine.id, after: 1 } });
    expect(await queries.openEvents(SUPPORT_CALLER, { accountId: mine.id })).toMatchObject({ ok: true });
  });

  it("is refused for what is not the account's: another account, another's event, one that is not there yet, nonsense", async () => {
    const { useCases, mine, theirs, admin } = await world();
    const { queries } = useCases;
    expect(await queries.openEvents(admin, { accountId: theirs.id })).toMatchObject({
      ok: false,
      error: [{ code: "ACCOUNT_NOT_FOUND" }],
    });
    for (const after of [
      eventId({ accountId: theirs.id, sequence: 1 }),
      eventId({ accountId: mine.id, sequence: 99 }),
      "x",
      "",
    ]) {
      expect(await queries.openEvents(admin, { after }), after).toMatchObject({ ok: false, error: [{ code: "INPUT_INVALID" }] });
    }
  });

  it("is refused when events after it have been forgotten", async () => {
    const { ports, useCases, mine, admin } = await world();
    await ports.store.transaction((tx) => tx.events.deleteBefore(new Date(ports.clock.now().getTime() + 1), 2));
    const open = (sequence: number) => useCases.queries.openEvents(admin, { after: eventId({ accountId: mine.id, sequence }) });
    expect(await open(1)).toMatchObject({ ok: false, error: [{ code: "INPUT_INVALID" }] });
    expect(await open(2)).toEqual({ ok: true, value: { accountId: mine.id, after: 2 } });
  });
});
