// Invariant: a listener hears each event once and in order, over as many connections as it takes; where it cannot, it is told of the gap.
import { afterEach, describe, expect, it } from "vitest";
import {
  type AccountEvent,
  ActivateEkmDocument,
  accountEventKinds,
  BackupsDocument,
  createEkmClient,
  LockAccountKeysDocument,
  type RequestFailure,
  StartBackupDocument,
  StartRestoreDocument,
  StartVerificationDocument,
  type TokenSource,
  UnlockAccountKeysDocument,
} from "../src/index.js";
import { createMockGateway, type MockStateName, mockStates } from "../src/mock/index.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function stage({ state = "enabled" as MockStateName, token = (() => "t0") as TokenSource } = {}) {
  const mock = createMockGateway({ state, paceMs: 0 });
  const client = createEkmClient({ ...mock, token, reconnectDelayMs: () => 0 });
  cleanups.push(
    () => client.dispose(),
    () => mock.dispose(),
  );
  const lock = async (reason: string) => {
    expect((await client.mutate(LockAccountKeysDocument, { reason })).ok).toBe(true);
    expect((await client.mutate(UnlockAccountKeysDocument, { reason })).ok).toBe(true);
  };
  return { mock, client, lock };
}

function listen(client: ReturnType<typeof stage>["client"], variables: { accountId?: string; after?: string } = {}) {
  const heard = { events: [] as AccountEvent[], gaps: 0, connected: [] as boolean[], failures: [] as RequestFailure[] };
  const stop = client.onAccountEvents(variables, {
    event: (event) => void heard.events.push(event),
    gap: () => {
      heard.gaps += 1;
    },
    connected: (is) => void heard.connected.push(is),
    failed: (failure) => void heard.failures.push(failure),
  });
  const until = (check: () => unknown) => expect.poll(check, { timeout: 10_000 });
  return { heard, stop, until, ready: () => until(() => heard.connected.at(-1)).toBe(true) };
}

const numbers = (events: readonly AccountEvent[]) => events.map(({ id }) => Number(id.split("_").at(-1)));

/** Until a listener hears: when exactly a subscription has begun is not told. */
async function hearing(listener: ReturnType<typeof listen>, change: () => Promise<void>): Promise<void> {
  await listener.ready();
  await expect
    .poll(
      async () => {
        if (listener.heard.events.length === 0) await change();
        return listener.heard.events.length;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);
}

describe("a listener", () => {
  it("goes on from its last event when the connection is cut, without a gap and without a repetition", async () => {
    const { mock, client, lock } = stage();
    const listener = listen(client);
    await hearing(listener, () => lock("first"));
    const from = numbers(listener.heard.events)[0] ?? 0;
    mock.setOffline(true);
    await listener.until(() => listener.heard.connected.at(-1)).toBe(false);
    mock.setOffline(false);
    await lock("while nobody listened");
    mock.cut();
    await lock("again");
    await listener.until(() => numbers(listener.heard.events).at(-1) ?? 0).toBeGreaterThanOrEqual(from + 4);
    const all = numbers(listener.heard.events);
    expect(all).toEqual(all.map((_, index) => from + index));
    expect(listener.heard.gaps).toBe(0);
  });

  it("is told of the gap when the connection is cut before it has heard anything", async () => {
    const { mock, client } = stage();
    const listener = listen(client);
    await listener.ready();
    mock.cut();
    await listener.until(() => listener.heard.gaps).toBe(1);
  });

  it("is told of the gap, and begins anew, when its place is not known any more", async () => {
    const { client, lock } = stage();
    const listener = listen(client, { after: "evt_00000000000000000000000000_7" });
    await listener.until(() => listener.heard.gaps).toBe(1);
    await hearing(listener, () => lock("after"));
    expect(listener.heard.failures).toEqual([]);
  });

  it("asks for a new token when the old one is refused, and goes on", async () => {
    const asked: unknown[] = [];
    const { mock, client, lock } = stage({ token: (request) => `t${asked.push(request)}` });
    const listener = listen(client);
    await hearing(listener, () => lock("first"));
    mock.expireTokens();
    await listener.until(() => asked.some((request) => (request as { refused?: string }).refused !== undefined)).toBe(true);
    await listener.until(() => listener.heard.connected.at(-1)).toBe(true);
    const before = listener.heard.events.length;
    await lock("with the new token");
    await listener.until(() => listener.heard.events.length).toBeGreaterThanOrEqual(before + 2);
    expect(listener.heard.failures).toEqual([]);
  });

  it.each([
    ["UNAUTHENTICATED", "UNAUTHENTICATED"],
    ["FORBIDDEN", "FORBIDDEN"],
    ["BAD_USER_INPUT", "BAD_USER_INPUT"],
  ] as const)("ends for good, and says why, when it is refused with %s", async (state, code) => {
    const { client } = stage({ state: `answers.${state}` });
    const listener = listen(client);
    await listener.until(() => listener.heard.failures.map((failure) => failure.code)).toEqual([code]);
  });

  it("hears nothing more once it is stopped", async () => {
    const { client, lock } = stage();
    const stopped = listen(client);
    const other = listen(client);
    await hearing(other, () => lock("first"));
    stopped.stop();
    const before = stopped.heard.events.length;
    const others = other.heard.events.length;
    await lock("second");
    await other.until(() => other.heard.events.length).toBeGreaterThanOrEqual(others + 2);
    expect(stopped.heard.events).toHaveLength(before);
  });

  it("hears every kind of event there is", async () => {
    const { mock, client, lock } = stage({ state: "not-activated" });
    const listener = listen(client);
    await hearing(listener, () => lock("first"));
    const accountId = listener.heard.events[0]?.account.id ?? "";
    await client.mutate(ActivateEkmDocument, { accountId });
    for (const { name } of mockStates.filter((each) => ["lifecycle", "health", "rotation"].includes(each.area))) mock.show(name);
    const backups = await client.query(BackupsDocument, { status: "SUCCEEDED" });
    const [backup] = (backups.ok && backups.data.account?.backups.nodes) || [];
    await client.mutate(StartBackupDocument, { sourceId: backup?.source.id ?? "" });
    await client.mutate(StartRestoreDocument, { backupId: backup?.id ?? "" });
    await client.mutate(StartVerificationDocument, { backupId: backup?.id ?? "" });
    const kinds = () => [...new Set(listener.heard.events.map(({ kind }) => kind))].sort();
    await listener.until(kinds).toEqual([...accountEventKinds].sort());
    const about = (kind: string) => listener.heard.events.find((event) => event.kind === kind && event.backup !== undefined);
    expect(about("BACKUP_CHANGED")?.backup?.status).toBe("QUEUED");
    expect(about("RESTORE_CHANGED")?.restore?.status).toBe("QUEUED");
    expect(about("VERIFICATION_CHANGED")?.verification?.status).toBe("QUEUED");
  });
});
