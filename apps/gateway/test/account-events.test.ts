// Invariant: whoever may see an account, and nobody else, hears each of its changes, from any gateway and over either transport, and goes on
// from the last event without a gap.
import { createClient as createSseClient } from "graphql-sse";
import { type Client, createClient as createWsClient } from "graphql-ws";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import type { RunningServer } from "../src/server.js";
import { type Stack, startStack } from "./support/stack.js";

interface Event {
  readonly id: string;
  readonly kind: string;
  readonly account: { readonly id: string; readonly keyLock: { readonly reason: string } | null };
}
interface Answer {
  readonly data?: { readonly accountEvents: Event } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

const LISTEN = `subscription Listen($accountId: ID, $after: ID) {
  accountEvents(accountId: $accountId, after: $after) { id kind at account { id keyLock { reason } } backup { id } rotation { id } }
}`;

let stack: Stack;
let other: RunningServer;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  stack = await startStack();
  other = await stack.startAnother();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  await other.close();
  await stack.close();
});

async function tenant(): Promise<{ id: string; token: string; lock(reason: string): Promise<void>; unlock(): Promise<void> }> {
  const created = await stack.as(
    "SUPPORT",
    undefined,
    'mutation { createAccount(input: { name: "Acme" }) { account { id } userErrors { code } } }',
  );
  const id: string = created.data.createAccount.account.id;
  const token = await stack.issuer.token({ subject: "ada", roles: ["ACCOUNT_ADMIN"], account: id });
  const change = async (query: string) => {
    const answer = await stack.ask(query, { token });
    expect(answer.errors).toEqual([]);
  };
  return {
    id,
    token,
    lock: (reason) => change(`mutation { lockAccountKeys(input: { reason: "${reason}" }) { userErrors { code } } }`),
    unlock: () => change('mutation { unlockAccountKeys(input: { reason: "over" }) { userErrors { code } } }'),
  };
}

/** A listener over one transport: what it heard, and how it ended. */
interface Listener {
  readonly answers: Answer[];
  readonly ended: Promise<unknown>;
  heard(count: number): Promise<Answer[]>;
  stop(): void;
}
interface Request {
  readonly token?: string;
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
}

function collect(
  subscribe: (sink: { next(answer: Answer): void; error(error: unknown): void; complete(): void }) => () => void,
): Listener {
  const answers: Answer[] = [];
  let stop = () => {};
  const ended = new Promise<unknown>((resolve) => {
    stop = subscribe({ next: (answer) => void answers.push(answer), error: resolve, complete: () => resolve("completed") });
  });
  cleanups.push(() => stop());
  return {
    answers,
    ended,
    stop: () => stop(),
    heard: async (count) => {
      await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
      return answers;
    },
  };
}

const overWebSocket = (url: string, { token, query = LISTEN, variables = {} }: Request): Listener => {
  const client: Client = createWsClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  cleanups.push(() => client.dispose());
  return collect((sink) => client.subscribe({ query, variables }, sink as never));
};

const overEventStream = (url: string, { token, query = LISTEN, variables = {} }: Request): Listener => {
  const client = createSseClient({
    url: `${url}/graphql/stream`,
    retryAttempts: 0,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  cleanups.push(() => client.dispose());
  return collect((sink) => client.subscribe({ query, variables }, sink as never));
};

describe.each([
  ["graphql-ws", overWebSocket],
  ["server-sent events", overEventStream],
])("over %s", (_name, listen) => {
  it("tells of changes made at another gateway, as they are now", async () => {
    const { id, token, lock, unlock } = await tenant();
    const listener = listen(other.url, { token, variables: { after: null } });
    await hearing(listener, async () => {
      await lock("drill");
      await unlock();
    });
    await listener.heard(2);
    const events = listener.answers.map((answer) => answer.data?.accountEvents);
    expect(events.every((event) => event?.account.id === id)).toBe(true);
    expect(new Set(events.map((event) => event?.kind))).toEqual(new Set(["KEYS_LOCKED", "KEYS_UNLOCKED"]));
  });

  it("goes on from the last event, without a gap and without a repetition, at another gateway too", async () => {
    const { token, lock, unlock } = await tenant();
    const change = async () => {
      await lock("drill");
      await unlock();
    };
    const throughout = listen(stack.url, { token });
    await hearing(throughout, change);
    const left = listen(stack.url, { token });
    await hearing(left, change);
    left.stop();
    const before = idsOf(left);
    await change();
    const again = listen(other.url, { token, variables: { after: before.at(-1) } });
    await change();
    await again.heard(4);
    await expect.poll(() => idsOf(again).at(-1) === idsOf(throughout).at(-1), { timeout: 10_000 }).toBe(true);
    const all = idsOf(throughout);
    expect([...before, ...idsOf(again)]).toEqual(all.slice(all.indexOf(before[0])));
    expect(idsOf(again).length).toBeGreaterThanOrEqual(4);
  });

  it("lets nobody listen to another tenant's account, nor tells whether there is one", async () => {
    const [mine, theirs] = [await tenant(), await tenant()];
    const refusals = [];
    for (const accountId of [theirs.id, "acc_01JZZZZZZZZZZZZZZZZZZZZZZZ"]) {
      const listener = listen(stack.url, { token: mine.token, variables: { accountId } });
      refusals.push(JSON.stringify(await refusalOf(listener)).replaceAll(/"requestId":"[^"]*"/g, ""));
      expect(refusals.at(-1)).toContain("BAD_USER_INPUT");
    }
    expect(refusals[0]).toBe(refusals[1]);
    expect(refusals[0]).not.toContain(theirs.id);
  });

  it("is refused without a good token", async () => {
    for (const token of [
      undefined,
      "nonsense",
      await stack.issuer.token({ expiresIn: -60, roles: ["ACCOUNT_ADMIN"], account: "acc_1" }),
    ]) {
      const listener = listen(stack.url, token === undefined ? {} : { token });
      expect(await listener.ended).not.toBe("completed");
      expect(listener.answers).toEqual([]);
    }
  });

  it("ends when the token runs out", async () => {
    const { id } = await tenant();
    const token = await stack.issuer.token({ subject: "ada", roles: ["ACCOUNT_VIEWER"], account: id, expiresIn: -3 });
    await listen(stack.url, { token }).ended;
  });

  it.each([
    ["a query", "{ viewer { subject } }"],
    ["a mutation", 'mutation { lockAccountKeys(input: { reason: "x" }) { userErrors { code } } }'],
    ["nonsense", "subscription {"],
    ["an unknown field", "subscription { accountEvents { nothing } }"],
    ["two subscriptions at once", "subscription { a: accountEvents { id } b: accountEvents { id } }"],
    [
      "what nests too deep",
      `subscription { accountEvents { account ${"{ ekm { key { rotations { nodes { ".repeat(4)} id ${"} } } }".repeat(4)} } }`,
    ],
  ])("refuses %s", async (_what, query) => {
    const { token } = await tenant();
    expect(JSON.stringify(await refusalOf(listen(stack.url, { token, query })))).toContain("BAD_USER_INPUT");
  });

  it("has a bounded number of places for an account, and gives each back", async () => {
    const { token, lock, unlock } = await tenant();
    const change = async () => {
      await lock("drill");
      await unlock();
    };
    const open = Array.from({ length: 50 }, () => listen(stack.url, { token }));
    await expect
      .poll(async () => JSON.stringify(await fateOf(listen(stack.url, { token }), change)), { timeout: 10_000 })
      .toContain("RATE_LIMITED");
    for (const listener of open) listener.stop();
    await expect.poll(() => fateOf(listen(stack.url, { token }), change), { timeout: 10_000 }).toBe("accepted");
  });
});

const idsOf = ({ answers }: Listener) => answers.map((answer) => answer.data?.accountEvents.id);

/** Makes changes until one is heard: what happens before the listener is there is not news. */
const hearing = (listener: Listener, change: () => Promise<void>) =>
  expect
    .poll(
      async () => {
        await change();
        return listener.answers.length;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);

/** "accepted" once it hears of a change; otherwise what it was refused with. */
async function fateOf(listener: Listener, change: () => Promise<void>): Promise<unknown> {
  let refusal: unknown;
  void refusalOf(listener).then((errors) => {
    refusal = errors;
  });
  await expect
    .poll(
      async () => {
        await change();
        return refusal !== undefined || listener.answers.some(({ data }) => data != null);
      },
      { timeout: 10_000 },
    )
    .toBe(true);
  return refusal ?? "accepted";
}

/** The errors it was answered with, however the client hands them over. */
async function refusalOf(listener: Listener): Promise<unknown> {
  const end = await listener.ended;
  const withErrors = listener.answers.find((answer) => answer.errors !== undefined);
  if (withErrors !== undefined) return withErrors.errors;
  const { response } = end as { response?: Response };
  return response === undefined ? end : response.json();
}

it("support hears too, and its look is in the audit log", async () => {
  const { id, lock, unlock } = await tenant();
  const token = await stack.issuer.token({ subject: "sam@support", roles: ["SUPPORT"] });
  const listener = overWebSocket(stack.url, { token, variables: { accountId: id } });
  await hearing(listener, async () => {
    await lock("seen");
    await unlock();
  });
  const admin = await stack.as(
    "ACCOUNT_ADMIN",
    id,
    "{ account { auditLog(action: ACCOUNT_READ_BY_SUPPORT) { nodes { actor } } } }",
  );
  expect(admin.data.account.auditLog.nodes).toEqual([{ actor: "sam@support" }]);
});

it("a gateway that stops does not wait for its listeners", async () => {
  const { token, lock, unlock } = await tenant();
  const leaving = await stack.startAnother();
  const listeners = [overWebSocket(leaving.url, { token }), overEventStream(leaving.url, { token })];
  for (const listener of listeners) {
    await hearing(listener, async () => {
      await lock("drill");
      await unlock();
    });
  }
  const began = performance.now();
  await leaving.close();
  expect(performance.now() - began).toBeLessThan(5_000);
  await Promise.all(listeners.map((listener) => listener.ended));
});

it("a web socket at any other path is refused", async () => {
  const socket = new WebSocket(`${stack.url.replace("http", "ws")}/elsewhere`, "graphql-transport-ws");
  const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
  expect(error.message).toContain("404");
});
