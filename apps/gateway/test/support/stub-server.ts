import { Writable } from "node:stream";
import { systemClock } from "@ekm/ekm";
import { pino } from "pino";
import { createIssuerKeys } from "../../src/auth/issuer-keys.js";
import { keysFromFile } from "../../src/auth/load-keys.js";
import { createTokenVerifier } from "../../src/auth/verify-token.js";
import type { GraphQLContext } from "../../src/graphql/context.js";
import { ANY_DOCUMENT } from "../../src/graphql/trusted-documents.js";
import { type ServerOptions, startServer } from "../../src/server.js";
import { clientOf } from "./client.js";
import { AUDIENCE, createIssuer, ISSUER } from "./issuer.js";

export interface Stubs {
  readonly useCases?: Partial<GraphQLContext["useCases"]>;
  readonly queries?: Partial<GraphQLContext["useCases"]["queries"]>;
  readonly http?: Partial<ServerOptions["http"]>;
  readonly rates?: Partial<ServerOptions["http"]["rates"]>;
  readonly documents?: ServerOptions["documents"];
  readonly isReady?: () => Promise<boolean>;
  readonly published?: ServerOptions["published"];
}

const RATES = { queries: 10_000, mutations: 10_000, probes: 1_000, subscriptions: 1_000, refusals: 1_000 };

/** The real HTTP server and schema over use cases that a test makes up; what it did not make up throws when it is called. */
export async function startStubServer({
  useCases = {},
  queries = {},
  http = {},
  rates = {},
  documents = ANY_DOCUMENT,
  isReady = async () => true,
  published = {},
}: Stubs = {}) {
  const issuer = await createIssuer();
  const keys = createIssuerKeys({ load: keysFromFile(issuer.jwksPath), clock: systemClock });
  const lines: string[] = [];
  const write = (line: unknown, _encoding: string, done: () => void) => {
    lines.push(String(line));
    done();
  };
  const log = pino({ level: "trace" }, new Writable({ write }));
  const server = await startServer({
    app: {
      useCases: { ...useCases, queries } as GraphQLContext["useCases"],
      queriesOnce: () => queries as GraphQLContext["useCases"]["queries"],
      queriesAnew: () => queries as GraphQLContext["useCases"]["queries"],
      events: {
        listen: () => {
          throw new Error("no events here");
        },
        close: () => {},
      },
      vendor: { awsAccountId: "111122223333", principalArn: "arn:aws:iam::111122223333:role/ekm" },
      settings: { leaseSeconds: 60 },
      now: () => new Date(),
    },
    verifyToken: createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: keys.find, clock: systemClock }),
    issuerKeys: keys.state,
    isReady,
    writesPass: async () => true,
    documents,
    log,
    published,
    http: {
      host: "127.0.0.1",
      port: 0,
      corsOrigins: [],
      introspection: true,
      receiveMs: 15_000,
      answerMs: 60_000,
      ...http,
      rates: { ...RATES, ...rates },
    },
  });
  return { ...clientOf(server.url), url: server.url, close: () => server.close(), issuer, log: () => lines.join("") };
}
