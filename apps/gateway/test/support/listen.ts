import { createClient } from "graphql-ws";
import WebSocket from "ws";

export interface Hearing {
  /** `event` when one came first; else the code that refused it, or `closed 4403` and the like. */
  readonly outcome: Promise<string>;
  /** All that was said, as text. */
  readonly said: () => string;
  stop(): void;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> | undefined }[];
}

interface Request {
  readonly token?: string | undefined;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const outcomeOf = ({ errors }: Answer): string => (errors === undefined ? "event" : String(errors[0]?.extensions?.["code"]));

/** Listens over a web socket until the first event or refusal. */
export function hearByWebSocket(url: string, { token, query, variables = {} }: Request): Hearing {
  const said: unknown[] = [];
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  const outcome = new Promise<string>((resolve) => {
    client.subscribe(
      { query, variables },
      {
        next: (answer) => {
          said.push(answer);
          resolve(outcomeOf(answer as Answer));
        },
        error: (error) => {
          said.push(error);
          const errors = Array.isArray(error) ? error : undefined;
          resolve(errors === undefined ? `closed ${String((error as { code?: number }).code)}` : outcomeOf({ errors }));
        },
        complete: () => resolve("completed"),
      },
    );
  });
  return { outcome, said: () => JSON.stringify(said), stop: () => void client.dispose() };
}

/** Listens to server-sent events until the first event or refusal. */
export function hearByEventStream(url: string, { token, query, variables = {} }: Request): Hearing {
  const ending = new AbortController();
  let said = "";
  const listen = async (): Promise<string> => {
    const response = await fetch(`${url}/graphql/stream`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal: ending.signal,
    });
    if (response.status !== 200) {
      said = await response.text();
      return outcomeOf(JSON.parse(said) as Answer);
    }
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!said.includes("event: next")) {
      const next = await reader?.read();
      if (next === undefined || next.done) return "completed";
      said += next.value;
    }
    return "event";
  };
  return { outcome: listen().catch(String), said: () => said, stop: () => ending.abort() };
}
