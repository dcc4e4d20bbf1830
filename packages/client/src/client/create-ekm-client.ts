import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import {
  type AnyVariables,
  Client,
  cacheExchange,
  fetchExchange,
  formatDocument,
  stringifyDocument,
  subscriptionExchange,
} from "@urql/core";
import type { DocumentNode } from "graphql";
import type { RequestFailure } from "../errors/request-failure.js";
import { type Done, type Result, settle, settleQuery } from "../errors/settle.js";
import { AccountEventsDocument } from "../generated/documents.js";
import type { AccountEventsSubscription, AccountEventsSubscriptionVariables } from "../generated/operations.js";
import { createIntention, type Intention } from "../intentions/intention.js";
import { createAuthorisedFetch } from "./authorised-fetch.js";
import { createLive, type LiveHandlers, type WebSocketConstructor } from "./live.js";
import type { TokenSource } from "./tokens.js";

export interface EkmClientOptions {
  /** `https://ekm.example.com/graphql`. */
  readonly url: string;
  /** Of whoever is signed in. Make a new client when that is somebody else: the cache is theirs. */
  readonly token: TokenSource;
  /** Absent: the platform's own. */
  readonly fetch?: typeof fetch;
  readonly WebSocket?: WebSocketConstructor;
  /** A request without an answer fails after so long (30 s), as TIMED_OUT. */
  readonly timeoutMs?: number;
  /** How long to wait before the nth attempt (0, 1, ...) to restore a lost connection; by default 0.25 s to 10 s, with jitter. */
  readonly reconnectDelayMs?: (attempt: number) => number;
}

export type AccountEvent = AccountEventsSubscription["accountEvents"];

export interface AccountEventHandlers {
  event(event: AccountEvent): void;
  /** Events may have been missed: read what is on the screen anew. */
  gap?(): void;
  /** The connection is there, or lost and being restored. */
  connected?(is: boolean): void;
  /** It ended for good. */
  failed?(failure: RequestFailure): void;
}

export type InputOf<Variables> = Variables extends { readonly input: infer Input } ? Input : never;

export interface EkmClient {
  /** For the hooks, and for whatever urql can do beyond this. */
  readonly urql: Client;
  /** Always from the API, never from the cache. */
  query<Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables]
  ): Promise<Result<Data, RequestFailure>>;
  mutate<Data extends object, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    input: InputOf<Variables>,
  ): Promise<Result<Done<Data>>>;
  /** One thing that the user wants, sent as often as it takes and done once. */
  intention<Data extends object, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
  ): Intention<InputOf<Variables>, Done<Data>>;
  /** Listens until the function that it returns is called; resumes after a lost connection. */
  onAccountEvents(variables: AccountEventsSubscriptionVariables, handlers: AccountEventHandlers): () => void;
  /** Ends the connection for events. */
  dispose(): void;
}

/** The same text as the hook sends: a gateway may know the texts that it runs. */
const ACCOUNT_EVENTS = stringifyDocument(formatDocument(AccountEventsDocument) as DocumentNode);

const DEFAULT_TIMEOUT_MS = 30_000;
const SHORTEST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

const backOff = (attempt: number): number =>
  Math.min(SHORTEST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS) * (0.5 + Math.random() / 2);

export function createEkmClient({
  url,
  token,
  fetch = (input, init) => globalThis.fetch(input, init),
  WebSocket,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  reconnectDelayMs = backOff,
}: EkmClientOptions): EkmClient {
  const live = createLive({ url, token, WebSocket, reconnectDelayMs });
  const urql = new Client({
    url,
    fetch: createAuthorisedFetch({ token, fetch, timeoutMs }),
    preferGetMethod: false,
    // The state of a key changes without us: what is cached is shown while it is read again.
    requestPolicy: "cache-and-network",
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: ({ next, error }) => ({
            unsubscribe: live.listen(
              { query, variables },
              { next: next as LiveHandlers<unknown>["next"], failed: ({ message }) => error(new Error(message)) },
            ),
          }),
        }),
      }),
    ],
  });

  async function mutate<Data extends object, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    input: InputOf<Variables>,
  ): Promise<Result<Done<Data>>> {
    // Every mutation of the API takes one argument, `input`.
    return settle<Data>(await urql.mutation(document, { input } as unknown as Variables).toPromise());
  }

  return {
    urql,
    async query(document, ...[variables]) {
      const request = { requestPolicy: "network-only" } as const;
      return settleQuery(await urql.query(document, (variables ?? {}) as never, request).toPromise());
    },
    mutate,
    intention: (document) => createIntention((input) => mutate(document, input as InputOf<AnyVariables>)),
    onAccountEvents: (variables, handlers) =>
      live.listen<AccountEventsSubscription>(
        { query: ACCOUNT_EVENTS, variables },
        {
          next({ data }) {
            if (data != null) handlers.event(data.accountEvents);
          },
          ...(handlers.gap === undefined ? {} : { gap: () => handlers.gap?.() }),
          ...(handlers.connected === undefined ? {} : { connected: (is) => handlers.connected?.(is) }),
          failed: (failure) => handlers.failed?.(failure),
        },
      ),
    dispose: () => live.dispose(),
  };
}
