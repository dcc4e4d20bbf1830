import type { Server } from "node:http";
import type { FastifyBaseLogger } from "fastify";
import { type GraphQLError, subscribe } from "graphql";
import { CloseCode } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import type { Verified } from "../auth/verify-token.js";
import { CONNECTION_LIMITS } from "../http/connection-limits.js";
import { createRateLimit } from "../http/rate-limit.js";
import type { LiveOperations } from "./live-operations.js";
import { whenExpired } from "./when-expired.js";

const PATH = "/graphql";

interface Extra extends Record<PropertyKey, unknown> {
  verified?: Verified;
  expiry?: NodeJS.Timeout;
  leaving?: Map<string, () => void>;
}
interface Init extends Record<string, unknown> {
  /** As the HTTP header: `Bearer ...`. */
  readonly authorization?: unknown;
  readonly Authorization?: unknown;
}

/**
 * Subscriptions by graphql-ws's protocol, on the path of the API. The token comes with `connection_init`; when it runs out the
 * connection is closed as forbidden, and a client that connects again with a new one goes on from its last event.
 */
export function serveWebSockets(server: Server, live: LiveOperations, log: FastifyBaseLogger): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: CONNECTION_LIMITS.messageBytes });
  server.on("upgrade", (request, socket, head) => {
    if (new URL(request.url ?? "/", "http://gateway").pathname !== PATH) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    if (sockets.clients.size >= CONNECTION_LIMITS.webSockets) {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const messages = createRateLimit(CONNECTION_LIMITS.messagesPerMinute, () => performance.now());
      webSocket.on("message", () => {
        // At once: who floods does not wait for a farewell either.
        if (messages.take("") > 0) webSocket.terminate();
      });
      sockets.emit("connection", webSocket, request);
      // graphql-ws would print what a client did wrong, with a stack; the socket is closed in any case.
      webSocket.removeAllListeners("error");
      webSocket.on("error", ({ message }) => log.warn({ reason: message }, "web socket closed"));
    });
  });

  const disposable = useServer<Init, Extra>(
    {
      connectionInitWaitTimeout: CONNECTION_LIMITS.initSeconds * 1000,
      subscribe,
      async onConnect({ connectionParams, extra }) {
        const verified = await live.authenticate(connectionParams?.authorization ?? connectionParams?.Authorization);
        if (verified === null) return false;
        extra.verified = verified;
        extra.expiry = whenExpired(verified, () => extra.socket.close(CloseCode.Forbidden, "The token has run out."));
        return true;
      },
      onSubscribe({ extra }, id, payload) {
        // Nobody subscribes before onConnect has let them in.
        const begun = live.begin(extra.verified as Verified, payload);
        if (!("args" in begun)) return begun;
        extra.leaving ??= new Map();
        extra.leaving.set(id, begun.leave);
        return begun.args;
      },
      onNext: (_context, _id, _payload, _args, result) => live.formatResult(result),
      onError: (_context, _id, _payload, errors: readonly GraphQLError[]) => live.format(errors),
      onOperation({ extra }, id, _payload, _args, result) {
        // What could not begin is answered with errors, and has no stream that would complete.
        if (!(Symbol.asyncIterator in Object(result))) leave(extra, id);
      },
      onComplete: ({ extra }, id) => leave(extra, id),
      onClose({ extra }) {
        clearTimeout(extra.expiry);
        for (const id of [...(extra.leaving?.keys() ?? [])]) leave(extra, id);
      },
      isProd: true,
    },
    sockets,
  );
  sockets.on("error", (err) => log.warn({ err }, "web socket server"));
  let closing: Promise<void> | undefined;
  return {
    close() {
      closing ??= Promise.resolve(disposable.dispose());
      return closing;
    },
  };
}

function leave(extra: Extra, id: string): void {
  extra.leaving?.get(id)?.();
  extra.leaving?.delete(id);
}
