import type { AddressInfo } from "node:net";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import { type FastifyBaseLogger, fastify, LogController } from "fastify";
import type { KeyState } from "./auth/issuer-keys.js";
import type { TokenVerifier } from "./auth/verify-token.js";
import { createApollo } from "./graphql/apollo.js";
import type { GraphQLContext } from "./graphql/context.js";
import { createContext } from "./graphql/create-context.js";
import { buildSchema } from "./graphql/schema.js";
import type { TrustedDocuments } from "./graphql/trusted-documents.js";
import { admitRequests } from "./http/admit-request.js";
import { CONNECTION_LIMITS } from "./http/connection-limits.js";
import { registerConsole } from "./http/console.js";
import type { ConsoleFiles } from "./http/console-files.js";
import { withinDeadline } from "./http/deadline.js";
import { DEMO_PEOPLE_PATH, registerDemo } from "./http/demo/register-demo.js";
import { registerErrorAnswers } from "./http/errors.js";
import { registerExplorer } from "./http/explorer.js";
import { registerHealth } from "./http/health.js";
import { createRateLimits, type Rates } from "./http/rate-limits.js";
import { requestIdOf } from "./http/request-id.js";
import { registerRequestLog } from "./http/request-log.js";
import { requestScope } from "./http/request-scope.js";
import { registerSigningKeys } from "./http/signing-keys.js";
import { createLiveOperations } from "./live/live-operations.js";
import { createSeats } from "./live/seats.js";
import { serveEventStreams } from "./live/server-sent-events.js";
import { serveWebSockets } from "./live/websocket.js";

export interface ServerOptions {
  readonly app: Omit<GraphQLContext, "caller" | "takeProbe">;
  readonly verifyToken: TokenVerifier;
  /** Throws or answers false while requests cannot be served. */
  readonly isReady: () => Promise<boolean>;
  /** How it stands with the keys that tokens are verified with. */
  readonly issuerKeys: () => Promise<KeyState>;
  /** Whether something can be written to the database now. Never rejects. */
  readonly writesPass: () => Promise<boolean>;
  readonly documents: TrustedDocuments;
  readonly log: FastifyBaseLogger;
  readonly published: {
    /** Path of a JWKS file. */
    readonly signingKeys?: string | undefined;
    /** Path of the development stack's demo file. */
    readonly demo?: string | undefined;
    readonly console?: ConsoleFiles | undefined;
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly corsOrigins: readonly string[];
    readonly introspection: boolean;
    /** What each tenant may do in a minute. */
    readonly rates: Rates;
    /** For a request to arrive whole. */
    readonly receiveMs: number;
    /** For it to be answered. */
    readonly answerMs: number;
  };
}

export interface RunningServer {
  readonly url: string;
  /** Not ready from now on; takes no new connection, finishes the requests that are under way. */
  close(): Promise<void>;
}

export async function startServer({
  app,
  verifyToken,
  isReady,
  issuerKeys,
  writesPass,
  documents,
  log,
  published,
  http,
}: ServerOptions): Promise<RunningServer> {
  let closing = false;
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: CONNECTION_LIMITS.bodyBytes,
    genReqId: requestIdOf,
    requestIdHeader: false,
    requestTimeout: http.receiveMs,
    http: { headersTimeout: http.receiveMs, connectionsCheckingInterval: Math.ceil(http.receiveMs / 5) },
  });
  server.server.maxConnections = CONNECTION_LIMITS.connections;
  registerRequestLog(server);
  server.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
  registerErrorAnswers(server);
  registerHealth(server, { isReady: async () => !closing && (await isReady()), issuerKeys, writesPass });
  registerExplorer(server);
  admitRequests(server, documents);
  if (published.signingKeys !== undefined) registerSigningKeys(server, published.signingKeys);
  if (published.demo !== undefined) registerDemo(server, published.demo);
  if (published.console !== undefined) {
    registerConsole(server, published.console, { demo: published.demo === undefined ? null : DEMO_PEOPLE_PATH });
  }
  await server.register(cors, {
    origin: [...http.corsOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: ["authorization", "content-type", "x-request-id", "apollo-require-preflight"],
    exposedHeaders: ["x-request-id", "retry-after"],
    maxAge: 600,
  });

  const schema = buildSchema();
  const { introspection } = http;
  const limits = createRateLimits(http.rates, () => performance.now());
  const live = createLiveOperations({
    schema,
    app,
    verifyToken,
    introspection,
    seats: createSeats({ total: CONNECTION_LIMITS.subscriptions, perAccount: CONNECTION_LIMITS.subscriptionsPerAccount }),
    limits,
    documents,
    log,
  });
  serveEventStreams(server, live);
  const webSockets = serveWebSockets(server.server, live, log);

  const apollo = createApollo({ schema, server, introspection, limits, log });
  await apollo.start();
  const handle = fastifyApolloHandler(apollo, {
    context: createContext({
      app,
      verifyToken,
      limits,
      introspection,
    }),
  });
  server.route<{ Reply: string }>({
    method: ["GET", "POST"],
    url: "/graphql",
    handler: (request, reply) =>
      requestScope.run({ requestId: request.id }, () =>
        withinDeadline(Promise.resolve(handle.call(server, request, reply)), http.answerMs, request, reply),
      ),
  });

  await server.listen({ host: http.host, port: http.port });
  const { port } = server.server.address() as AddressInfo;
  const host = http.host.includes(":") ? `[${http.host}]` : http.host;
  return {
    url: `http://${host}:${port}`,
    async close() {
      closing = true;
      // Streams do not end by themselves; their clients come back to another gateway and go on from their last event.
      app.events.close();
      await webSockets.close();
      await apollo.stop();
    },
  };
}
