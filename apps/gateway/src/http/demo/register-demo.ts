import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Demo, readDemoFile } from "./demo-file.js";
import { demoPage } from "./demo-page.js";

/** Nothing but the page's own script and style, by nonce; it calls nobody, so that the tokens on it go nowhere. */
const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** The same accounts and tokens as JSON, for the console's sign-in page. */
export const DEMO_PEOPLE_PATH = "/demo/people.json";

/** For development stacks only: the page shows tokens to whoever asks. The file is read at every request; it is written after the start. */
export function registerDemo(server: FastifyInstance, path: string): void {
  server.get("/demo", async (request, reply) => {
    const nonce = randomBytes(16).toString("base64");
    const demo = await readDemo(path, request);
    reply.headers(PRIVATE).header("content-security-policy", contentSecurityPolicy(nonce));
    if (demo === null) {
      return reply.code(503).type("text/plain; charset=utf-8").send("The demo accounts are not ready yet. Reload in a moment.\n");
    }
    return reply.type("text/html; charset=utf-8").send(demoPage(demo, nonce));
  });
  server.get(DEMO_PEOPLE_PATH, async (request, reply) => {
    const demo = await readDemo(path, request);
    reply.headers(PRIVATE);
    if (demo === null) return reply.code(503).send({ accounts: [], supportToken: null });
    return reply.send({ accounts: demo.accounts, supportToken: demo.supportToken });
  });
}

const PRIVATE = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

const readDemo = (path: string, request: FastifyRequest): Promise<Demo | null> =>
  readDemoFile(path).catch((error: unknown) => {
    request.log.warn({ err: error }, "the demo file cannot be read");
    return null;
  });
