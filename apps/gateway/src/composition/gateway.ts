import { blameOurselves, createEventFeed, createIds, createUseCases, queriesAnew, queriesOnce } from "@ekm/ekm";
import type { FastifyBaseLogger } from "fastify";
import type { Environment } from "../environment.js";
import { ANY_DOCUMENT, readTrustedDocuments } from "../graphql/trusted-documents.js";
import { readConsoleFiles } from "../http/console-files.js";
import { readSigningKeys } from "../http/signing-keys.js";
import { type RunningServer, startServer } from "../server.js";
import { composeClock } from "./clock.js";
import { composeIdentity } from "./identity.js";
import { composeKeys } from "./keys.js";
import { composeStorage, databaseAnswers, databaseTakesWrites } from "./storage.js";
import { composeWebhooks } from "./webhooks.js";

/** Everything, wired and listening. `close` takes it down in the reverse order. */
export async function startGateway(environment: Environment, log: FastifyBaseLogger): Promise<RunningServer> {
  const clock = composeClock(environment.clockOffsetFile);
  const ids = createIds(clock);
  const { verifyToken, issuerKeys } = await composeIdentity(environment, log);
  const { trustedDocuments } = environment;
  const documents =
    trustedDocuments === undefined ? ANY_DOCUMENT : await readTrustedDocuments(trustedDocuments.file, trustedDocuments.mode);
  const { signingKeys, demo, console: consoleDirectory } = environment.published;
  // Now rather than when somebody wants to check a certificate.
  if (signingKeys !== undefined) await readSigningKeys(signingKeys);
  const consoleFiles = consoleDirectory === undefined ? undefined : await readConsoleFiles(consoleDirectory);
  const webhooks = await composeWebhooks(environment);
  const storage = await composeStorage(environment, clock, ids, (waitedMs) =>
    log.warn({ waitedMs }, "another process holds the database; waiting for it before anything is served"),
  );
  const kms = composeKeys(environment, log);
  const release = async () => {
    kms.close();
    await storage.store.close();
  };
  const ports = {
    ...storage,
    clock,
    ids,
    keyService: blameOurselves(kms.keyService, {
      clock,
      onChange: (ours) =>
        log.error({ ours }, ours ? "many unrelated customers are denied at once: our side is at fault" : "denials are over"),
    }),
    vendorKeys: kms.vendorKeys,
    settings: environment.settings,
    ...webhooks,
  };
  try {
    const server = await startServer({
      app: {
        useCases: createUseCases(ports),
        queriesOnce: () => queriesOnce(ports),
        queriesAnew: () => queriesAnew(ports),
        events: createEventFeed({
          events: ports.store.read.events,
          clock,
          onReadError: (error) => log.warn({ err: error }, "account events cannot be read; listeners wait"),
        }),
        vendor: kms.vendorKeys.identity,
        settings: environment.settings,
        now: () => clock.now(),
      },
      verifyToken,
      isReady: () => databaseAnswers(storage.store),
      issuerKeys: issuerKeys.state,
      writesPass: databaseTakesWrites(storage.store, clock),
      documents,
      log,
      published: { signingKeys, demo, console: consoleFiles },
      http: environment.http,
    });
    return {
      url: server.url,
      async close() {
        await server.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
