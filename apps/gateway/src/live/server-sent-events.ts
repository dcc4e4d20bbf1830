import { STATUS_CODES } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ExecutionResult, type GraphQLError, subscribe } from "graphql";
import type { Response } from "graphql-sse";
import { createHandler } from "graphql-sse/lib/use/fastify";
import { unauthenticated } from "../graphql/errors/top-level-errors.js";
import type { LiveOperation, LiveOperations } from "./live-operations.js";
import { whenExpired } from "./when-expired.js";

interface Admitted {
  operation?: LiveOperation;
  expiry?: NodeJS.Timeout;
}

/**
 * Subscriptions as server-sent events, one stream per operation (graphql-sse's distinct connections mode): `POST /graphql/stream` with an
 * Authorization header, where proxies let no web socket through. The stream ends when the token runs out.
 */
export function serveEventStreams(server: FastifyInstance, live: LiveOperations): void {
  const admitted = new WeakMap<FastifyRequest, Admitted>();

  const end = (request: FastifyRequest): void => {
    const { operation, expiry } = admitted.get(request) ?? {};
    clearTimeout(expiry);
    operation?.leave();
  };

  const handle = createHandler({
    // One stream per operation only: a token of the library's own would let others join a stream.
    authenticate: () => null,
    async onSubscribe({ raw, context: { reply } }, params) {
      const verified = await live.authenticate(raw.headers.authorization);
      if (verified === null) return refused(401, live, [unauthenticated("Send a bearer token in the Authorization header.")]);
      const begun = live.begin(verified, params);
      if (!("args" in begun)) return refused(400, live, begun);
      const result = await subscribe(begun.args);
      if (!(Symbol.asyncIterator in result)) {
        begun.leave();
        return refused(400, live, result.errors ?? []);
      }
      const stop = () => void result.return(undefined);
      admitted.set(raw, { operation: begun, expiry: whenExpired(verified, stop) });
      // Who has left already is not heard to leave, and would keep the place.
      if (reply.raw.destroyed) stop();
      else reply.raw.once("close", stop);
      return result;
    },
    // Declared as a result with error objects; what leaves the house is their formatted form, which is sent as JSON either way.
    onNext: (_context, _request, result) => live.formatResult(result as ExecutionResult) as ExecutionResult,
  });

  server.post("/graphql/stream", async (request, reply) => {
    reply.hijack();
    try {
      await handle(request, reply);
    } catch (error) {
      request.log.error({ err: error }, "event stream failed");
      reply.raw.destroy();
    } finally {
      end(request);
    }
  });
}

/** An answer instead of a stream. */
const refused = (status: number, live: LiveOperations, errors: readonly GraphQLError[]): Response => [
  JSON.stringify({ errors: live.format(errors) }),
  { status, statusText: STATUS_CODES[status] ?? "", headers: { "content-type": "application/json; charset=utf-8" } },
];
