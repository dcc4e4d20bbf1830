import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from "graphql";
import { CloseCode, makeServer } from "graphql-ws";
import type { WebSocketConstructor } from "../client/live.js";
import type { TopLevelCode } from "../errors/request-failure.js";
import type { KnownAccountEventKind } from "../generated/vocabulary.js";
import { createEventStream } from "./event-stream.js";
import { createMockSockets } from "./mock-socket.js";
import { presentEvent } from "./present.js";
import { rootOf } from "./root.js";
import { mockSchema } from "./schema.js";
import { buildState, type MockAnswers, type MockStateDefinition, type MockStateName, states } from "./states.js";
import { type AccountRecord, createWorld, type EventRecord, OWN_ACCOUNT_ID, type World } from "./world.js";

export interface MockGatewayOptions {
  /** Default: `enabled`. */
  readonly state?: MockStateName;
  readonly now?: () => Date;
  /** Jobs and rotations that a mutation started go on by a step each so often (500 ms); 0: only by `step()`. */
  readonly paceMs?: number;
  /** Of the state `answers.slow`: 3,000 ms. */
  readonly slowMs?: number;
}

/** The API in this process: what `createEkmClient` needs, and what a gallery or a test turns. */
export interface MockGateway {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly WebSocket: WebSocketConstructor;
  /** Changes to another state, of which listeners hear. What mutations did before is forgotten. */
  show(state: MockStateName): void;
  state(): MockStateName;
  /** Lets everything that goes on by itself do one step. */
  step(): void;
  /** Cuts every web socket, as a network does. */
  cut(): void;
  /** Every token that was seen so far is refused from now on, and those who listen with one are sent away. */
  expireTokens(): void;
  /** Until `true` is taken back, nobody is reached. */
  setOffline(offline: boolean): void;
  dispose(): void;
}

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
}

const MESSAGES: Record<TopLevelCode, string> = {
  UNAUTHENTICATED: "Send a bearer token in the Authorization header.",
  FORBIDDEN: "Your role does not allow this.",
  BAD_USER_INPUT: "An argument is not valid.",
  RATE_LIMITED: "Too many requests. Try again in 30 s.",
  INTERNAL: "Something went wrong on our side. Try again, and quote the request id to support if it stays.",
};

const DEFAULT_PACE_MS = 500;

/** Those that were found to be valid; a client sends the same few again and again. */
const documents = new Map<string, DocumentNode>();

/** Resolves in time, or rejects when the caller has had enough. */
function pause(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** What an event of this kind is about: the newest. */
function subjectOf({ backups, rotations }: AccountRecord, kind: KnownAccountEventKind): EventRecord["subject"] {
  if (kind === "BACKUP_CHANGED") return backups[0];
  return kind === "ROTATION_CHANGED" ? rotations[0] : undefined;
}

export function createMockGateway({
  state: first = "enabled",
  now = () => new Date(),
  paceMs = DEFAULT_PACE_MS,
  slowMs,
}: MockGatewayOptions = {}): MockGateway {
  const schema = mockSchema();
  const stream = createEventStream();
  let name = first;
  let unreachable = false;
  const seen = new Set<string>();
  const expired = new Set<string>();
  let requests = 0;
  let world = build(first);
  let root = rootOf(world);
  let timer: ReturnType<typeof setInterval> | undefined;

  function build(next: MockStateName, before?: World): World {
    const built = createWorld({ now, onEvent: stream.wake, ...(before && { events: before.events }) });
    buildState(built, next);
    return built;
  }
  const answers = (): MockAnswers => (states[name] as MockStateDefinition).answers ?? {};
  const isOffline = () => unreachable || answers().offline === true;
  const requestId = () => {
    requests += 1;
    return `mock-${requests}`;
  };

  function topLevel(code: TopLevelCode): GraphQLError {
    const extensions = { code, requestId: requestId(), ...(code === "RATE_LIMITED" ? { retryAfterMs: 30_000 } : {}) };
    return new GraphQLError(MESSAGES[code], { extensions });
  }

  /** Valid against the schema, or why not. */
  function documentOf(query: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(query);
    if (known !== undefined) return known;
    const asInput = ({ message }: GraphQLError) =>
      new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT", requestId: requestId() } });
    try {
      const document = parse(query);
      const errors = validate(schema, document, specifiedRules);
      if (errors.length > 0) return errors.map(asInput);
      documents.set(query, document);
      return document;
    } catch (error) {
      return [asInput(error as GraphQLError)];
    }
  }

  /** Notes the token, too. */
  function isRefused(authorization: unknown): boolean {
    const token = String(authorization);
    seen.add(token);
    return answers().topLevel === "UNAUTHENTICATED" || expired.has(token);
  }

  async function run({ query, variables, operationName }: Request, authorization: string | null): Promise<ExecutionResult> {
    const code = isRefused(authorization) ? "UNAUTHENTICATED" : answers().topLevel;
    if (code !== undefined) return { errors: [topLevel(code)] };
    const document = documentOf(query);
    if (!("kind" in document)) return { errors: document };
    const result = await execute({
      schema,
      document,
      rootValue: root,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    });
    keepPace();
    return result;
  }

  function step(): void {
    for (const work of [...world.works]) if (work()) world.works.delete(work);
    if (world.works.size === 0) clearTimer();
  }
  function keepPace(): void {
    if (paceMs > 0 && world.works.size > 0) timer ??= setInterval(step, paceMs);
  }
  function clearTimer(): void {
    clearInterval(timer);
    timer = undefined;
  }

  const server = makeServer({
    schema,
    onConnect: ({ connectionParams }) => !isRefused(connectionParams?.["authorization"]),
    onSubscribe(_context, _id, { query, variables, operationName }) {
      const { topLevel: code } = answers();
      if (code !== undefined) return [topLevel(code)];
      const document = documentOf(query);
      if (!("kind" in document)) return document;
      const rootValue = { accountEvents: listen };
      return { schema, document, rootValue, variableValues: variables ?? null, operationName: operationName ?? null };
    },
    subscribe,
  });
  function listen({ accountId, after }: { readonly accountId?: string | null; readonly after?: string | null }) {
    const request = { accountId: accountId ?? world.caller.accountId ?? OWN_ACCOUNT_ID, after };
    return stream.listen(
      () => world,
      request,
      (event) => ({ accountEvents: presentEvent(world, event) }),
    );
  }
  const sockets = createMockSockets(server, isOffline);

  return {
    url: "http://mock.invalid/graphql",
    async fetch(_input, init = {}) {
      const { delayMs } = answers();
      await pause(delayMs === undefined ? 0 : (slowMs ?? delayMs), init.signal);
      if (isOffline()) throw new TypeError("fetch failed");
      const result = await run(JSON.parse(String(init.body)) as Request, new Headers(init.headers).get("authorization"));
      const status = result.errors?.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED") ? 401 : 200;
      return new Response(JSON.stringify(result), { status, headers: { "content-type": "application/graphql-response+json" } });
    },
    WebSocket: sockets.WebSocket,
    show(next) {
      clearTimer();
      name = next;
      world = build(next, world);
      root = rootOf(world);
      const account = world.account(OWN_ACCOUNT_ID);
      const { event = "KEY_HEALTH_CHANGED" }: MockStateDefinition = states[next];
      if (account !== null) world.emit(account, event, subjectOf(account, event));
      if (isOffline()) sockets.cut();
      if (answers().topLevel === "UNAUTHENTICATED") sockets.cut(CloseCode.Forbidden);
    },
    state: () => name,
    step,
    cut: () => sockets.cut(),
    expireTokens() {
      for (const token of seen) expired.add(token);
      sockets.cut(CloseCode.Forbidden);
    },
    setOffline(offline) {
      unreachable = offline;
      if (offline) sockets.cut();
    },
    dispose() {
      clearTimer();
      sockets.cut();
    },
  };
}
