import type { FastifyInstance } from "fastify";
import type { KeyState } from "../auth/issuer-keys.js";

export interface Readiness {
  /** Throws or answers false while requests cannot be served. */
  readonly isReady: () => Promise<boolean>;
  readonly issuerKeys: () => Promise<KeyState>;
  /** Whether something can be written now; false while another process holds the database. */
  readonly writesPass: () => Promise<boolean>;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, that is, read its database and tell good tokens from bad ones, and is
 * not shutting down. Keys that are STALE still serve: the issuer does not answer, and somebody should look. So it is with writes that
 * are HELD by another process: reads are served, and to take every gateway out of service would help nobody.
 */
export function registerHealth(server: FastifyInstance, { isReady, issuerKeys, writesPass }: Readiness): void {
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const [serves, keys, passing] = await Promise.all([isReady().catch(() => false), issuerKeys(), writesPass()]);
    const ready = serves && keys !== "NONE";
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? "ready" : "not ready", issuerKeys: keys, writes: passing ? "PASSING" : "HELD" });
  });
}
