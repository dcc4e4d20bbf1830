import { type Client, CloseCode, createClient } from "graphql-ws";
import { failureOfGraphQLError, type RequestFailure, requestFailure } from "../errors/request-failure.js";
import { type TokenSource, takeToken } from "./tokens.js";

/** The browser's, or that of the package `ws`. */
export type WebSocketConstructor = new (url: string, protocol: string) => unknown;

export interface LiveOptions {
  /** Of the API, http or https. */
  readonly url: string;
  readonly token: TokenSource;
  /** Absent: the platform's own. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** How long to wait before the nth attempt (0, 1, ...) to connect again. */
  readonly reconnectDelayMs: (attempt: number) => number;
}

interface GraphQLErrorLike {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}
export interface LiveAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphQLErrorLike[];
}

export interface LiveRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

export interface LiveHandlers<Data> {
  next(answer: LiveAnswer<Data>): void;
  /** Events may have been missed: none was heard before the connection was lost, the last one heard is too old, or one could not be told. */
  gap?(): void;
  /** The connection is there, or lost and being restored. */
  connected?(is: boolean): void;
  /** It ended for good. */
  failed(failure: RequestFailure): void;
}

export interface Live {
  /** Listens until it is stopped, over as many connections as it takes; goes on from the last event heard (variable `after`). */
  listen<Data>(request: LiveRequest, handlers: LiveHandlers<Data>): () => void;
  dispose(): void;
}

const PING_EVERY_MS = 15_000;
const PONG_WITHIN_MS = 5_000;
const RATE_LIMITED_WAIT_MS = 30_000;
/** A listener that is replaced by another finds the connection still there. */
const CLOSE_IDLE_AFTER_MS = 1_000;

interface Connection {
  readonly client: Client;
  isOpen(): boolean;
}

export function createLive(options: LiveOptions): Live {
  // Made when somebody listens: where there is no WebSocket, everything else works.
  let connection: Connection | undefined;
  const stops = new Set<() => void>();
  return {
    listen(request, handlers) {
      connection ??= connect(options);
      const stop = listen(connection, options.reconnectDelayMs, request, handlers);
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    dispose() {
      for (const stop of stops) stop();
      void connection?.client.dispose();
    },
  };
}

/** One web socket for all that listen; it comes and goes with them, and comes back when it is cut. */
function connect({ url, token, WebSocket, reconnectDelayMs }: LiveOptions): Connection {
  let used: string | undefined;
  let refusals = 0;
  let open = false;
  let pong: ReturnType<typeof setTimeout> | undefined;
  const client: Client = createClient({
    url: url.replace(/^http/, "ws"),
    ...(WebSocket === undefined ? {} : { webSocketImpl: WebSocket }),
    connectionParams: async () => {
      used = await takeToken(token, refusals > 0 && used !== undefined ? { refused: used } : {});
      return { authorization: `Bearer ${used}` };
    },
    keepAlive: PING_EVERY_MS,
    lazyCloseTimeout: CLOSE_IDLE_AFTER_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A token that ran out is replaced; one that is refused twice in a row will not get better.
    shouldRetry: (cause) => !isForbidden(cause) || refusals < 2,
    retryWait: async (attempt) => {
      await new Promise((resolve) => setTimeout(resolve, reconnectDelayMs(attempt)));
    },
    on: {
      connected: () => {
        open = true;
        refusals = 0;
      },
      closed: (event) => {
        open = false;
        clearTimeout(pong);
        if (isForbidden(event)) refusals += 1;
      },
      // A connection that died without a word answers no ping.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
    },
  });
  return { client, isOpen: () => open };
}

const isForbidden = (cause: unknown): boolean => (cause as { code?: unknown } | null)?.code === CloseCode.Forbidden;

function listen<Data>(
  { client, isOpen }: Connection,
  reconnectDelayMs: LiveOptions["reconnectDelayMs"],
  { query, variables = {} }: LiveRequest,
  handlers: LiveHandlers<Data>,
): () => void {
  const { after: from, ...others } = variables;
  let after = from ?? undefined;
  let stopped = false;
  let lost = false;
  let attempt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};

  const watching = [
    client.on("connected", () => {
      if (lost && after === undefined) handlers.gap?.();
      lost = false;
      handlers.connected?.(true);
    }),
    client.on("closed", () => {
      lost = true;
      handlers.connected?.(false);
    }),
  ];
  const stop = () => {
    stopped = true;
    clearTimeout(waiting);
    for (const unwatch of watching) unwatch();
    unsubscribe();
  };
  const fail = (failure: RequestFailure) => {
    stop();
    handlers.failed(failure);
  };
  const again = (delayMs: number) => {
    waiting = setTimeout(begin, delayMs);
  };

  /** Worth another try, or the end. */
  const refused = (failure: RequestFailure) => {
    if (failure.code === "RATE_LIMITED") return again(failure.retryAfterMs ?? RATE_LIMITED_WAIT_MS);
    if (failure.code !== "BAD_USER_INPUT" || after === undefined) return fail(failure);
    after = undefined;
    begin();
    handlers.gap?.();
  };

  function begin(): void {
    let over = false;
    const end = (then: () => void) => {
      if (over || stopped) return;
      over = true;
      unsubscribe();
      then();
    };
    // The place is read whenever the request is sent, on each connection anew.
    const payload = {
      query,
      get variables() {
        return after === undefined ? others : { ...others, after };
      },
    };
    unsubscribe = client.subscribe<Data>(payload, {
      next(answer) {
        if (over || stopped) return;
        const failure = failureIn(answer);
        // One event that could not be told; the stream goes on.
        if (failure?.code === "INTERNAL" || failure?.code === "UNKNOWN") return handlers.gap?.();
        if (failure !== null) return end(() => refused(failure));
        attempt = 0;
        after = eventIdOf(answer.data) ?? after;
        handlers.next(answer as LiveAnswer<Data>);
      },
      error: (cause) => end(() => (isErrors(cause) ? refused(failureOfGraphQLError(cause[0])) : fail(failureOfClose(cause)))),
      // A gateway that is going down ends its streams; the next one goes on with them.
      complete: () => end(() => again(reconnectDelayMs(attempt++))),
    });
  }
  if (isOpen()) handlers.connected?.(true);
  begin();
  return stop;
}

const isErrors = (cause: unknown): cause is readonly [GraphQLErrorLike] => Array.isArray(cause) && cause.length > 0;

/** An answer without data is a refusal. */
function failureIn({ data, errors }: { readonly data?: unknown; readonly errors?: unknown }): RequestFailure | null {
  return data == null && isErrors(errors) ? failureOfGraphQLError(errors[0]) : null;
}

/** The id of the event in an answer to `accountEvents`, which is the place to go on from. */
function eventIdOf(data: unknown): string | undefined {
  const event = (data as { accountEvents?: { id?: unknown } } | null | undefined)?.accountEvents;
  return typeof event?.id === "string" ? event.id : undefined;
}

function failureOfClose(cause: unknown): RequestFailure {
  if (isForbidden(cause)) return requestFailure("UNAUTHENTICATED", "The token was not accepted.");
  return requestFailure("UNAVAILABLE", "The connection for events was refused.");
}
