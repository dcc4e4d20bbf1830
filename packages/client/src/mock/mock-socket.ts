import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type Server } from "graphql-ws";
import type { WebSocketConstructor } from "../client/live.js";

interface Listeners {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: string }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string; readonly wasClean: boolean }) => void) | null;
  onerror: ((error: Error) => void) | null;
}

export interface MockSockets {
  readonly WebSocket: WebSocketConstructor;
  /** As when the network goes away, unless another code is named: nobody says good-bye. */
  cut(code?: number): void;
}

const GOING_AWAY = 1006;

/** Web sockets that lead to this server object within the process. */
export function createMockSockets(server: Server, isOffline: () => boolean): MockSockets {
  const open = new Set<(code: number, reason: string) => void>();

  class MockSocket implements Listeners {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState: number = MockSocket.CONNECTING;
    onopen: Listeners["onopen"] = null;
    onmessage: Listeners["onmessage"] = null;
    onclose: Listeners["onclose"] = null;
    onerror: Listeners["onerror"] = null;
    #receive: (text: string) => Promise<void> = async () => {};
    #closed: (code: number, reason: string) => Promise<void> = async () => {};

    constructor() {
      queueMicrotask(() => this.#connect());
    }

    #connect(): void {
      if (isOffline()) {
        this.#end(GOING_AWAY, "");
        return;
      }
      this.readyState = MockSocket.OPEN;
      this.#closed = server.opened(
        {
          protocol: GRAPHQL_TRANSPORT_WS_PROTOCOL,
          send: async (text) => {
            if (this.readyState === MockSocket.OPEN) queueMicrotask(() => this.onmessage?.({ data: text }));
          },
          close: (code = 1000, reason = "") => this.#end(code, reason),
          onMessage: (receive) => {
            this.#receive = receive;
          },
        },
        undefined,
      );
      open.add(this.#cut);
      this.onopen?.();
    }

    readonly #cut = (code: number, reason: string) => this.#end(code, reason);

    #end(code: number, reason: string): void {
      if (this.readyState === MockSocket.CLOSED) return;
      this.readyState = MockSocket.CLOSED;
      open.delete(this.#cut);
      void this.#closed(code, reason);
      queueMicrotask(() => this.onclose?.({ code, reason, wasClean: code !== GOING_AWAY }));
    }

    send(text: string): void {
      if (this.readyState === MockSocket.OPEN) queueMicrotask(() => void this.#receive(text));
    }

    close(code = 1000, reason = ""): void {
      this.#end(code, reason);
    }
  }

  return {
    WebSocket: MockSocket,
    cut(code = GOING_AWAY) {
      for (const end of [...open]) end(code, "");
    },
  };
}
