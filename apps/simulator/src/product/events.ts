import { ProductUnreachable, type RequestError } from "./graphql.js";
import { HEALTH, type KeyHealth, PROBLEM, type Problem } from "./types.js";

/** One event of an account, with what it is about as it was when the event was delivered. */
export interface AccountEvent {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly account: {
    readonly keyLock: { readonly reason: string } | null;
    readonly ekm: { readonly status: string; readonly key: { readonly health: KeyHealth } | null } | null;
  };
  readonly rotation: Subject | null;
  readonly backup: Subject | null;
  readonly restore: Subject | null;
  readonly verification: Subject | null;
}
interface Subject {
  readonly id: string;
  readonly status: string;
  readonly problem: Problem | null;
}

/** A connection on which events come. */
export interface EventStream {
  /** Ends it from this side, without a word, as a lost connection does. */
  cut(): void;
  /** Resolves when no event will come on it any more, whoever ended it. */
  readonly ended: Promise<void>;
}
export type Opened = { readonly ok: true; readonly stream: EventStream } | { readonly ok: false; readonly error: RequestError };

interface Listening {
  readonly accountId: string;
  /** The last event heard; absent: from now on. */
  readonly after?: string;
  readonly hear: (event: AccountEvent) => void;
}

const SUBJECT = `id status problem { ${PROBLEM} }`;
const DOCUMENT = `subscription AccountEvents($accountId: ID, $after: ID) {
  accountEvents(accountId: $accountId, after: $after) {
    id at kind account { keyLock { reason } ekm { status key { health { ${HEALTH} } } } }
    rotation { ${SUBJECT} } backup { ${SUBJECT} } restore { ${SUBJECT} } verification { ${SUBJECT} }
  }
}`;

/** Listens over server-sent events. Once it has answered, whatever happens afterwards will be heard. */
export async function openEvents(
  gatewayUrl: string,
  token: string,
  { accountId, after, hear }: Listening,
  signal: AbortSignal,
): Promise<Opened> {
  const connection = new AbortController();
  const variables = { accountId, ...(after === undefined ? {} : { after }) };
  const response = await fetch(new URL("/graphql/stream", gatewayUrl), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", authorization: `Bearer ${token}` },
    body: JSON.stringify({ operationName: "AccountEvents", query: DOCUMENT, variables }),
    signal: AbortSignal.any([signal, connection.signal]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new ProductUnreachable(`The gateway at ${gatewayUrl} gave no answer: ${String(error)}`);
  });
  const { body } = response;
  if (!response.ok || body === null || !response.headers.get("content-type")?.startsWith("text/event-stream"))
    return { ok: false, error: await refusalOf(response) };
  const ended = read(body, hear).catch(() => {});
  return { ok: true, stream: { cut: () => connection.abort(), ended } };
}

async function refusalOf(response: Response): Promise<RequestError> {
  const { errors } = (await response.json().catch(() => ({}))) as {
    readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  };
  const [error] = errors ?? [];
  return { code: error?.extensions?.code ?? `HTTP ${response.status}`, message: error?.message ?? "no reason was given" };
}

async function read(body: ReadableStream<Uint8Array>, hear: (event: AccountEvent) => void): Promise<void> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const messages = `${rest}${text}`.split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const event = eventIn(message);
      if (event !== undefined) hear(event);
    }
  }
}

/** What is no event is a sign of life, or the stream's end. */
function eventIn(message: string): AccountEvent | undefined {
  const lines = message.split("\n");
  if (!lines.includes("event: next")) return undefined;
  const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice("data: ".length));
  const result = JSON.parse(data.join("\n")) as { readonly data?: { readonly accountEvents?: AccountEvent } | null };
  return result.data?.accountEvents;
}
