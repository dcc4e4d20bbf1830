import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConsoleFile, ConsoleFiles } from "./console-files.js";

/** Nothing but the console's own files, and nobody but this gateway is called; 'self' covers its web socket (CSP level 3). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};
const FOREVER = "public, max-age=31536000, immutable";

export interface ConsoleOptions {
  /** Where the console finds the demo's people; null outside a development stack. */
  readonly demo: string | null;
}

/** The console at `/console/`. A path that names no file is one of its pages. */
export function registerConsole(server: FastifyInstance, { page, files }: ConsoleFiles, { demo }: ConsoleOptions): void {
  server.get("/console", async (_request, reply) => reply.headers(HEADERS).redirect("/console/", 308));
  server.get("/console/settings.json", async (_request, reply) =>
    reply.headers(HEADERS).header("cache-control", "no-cache").send({ api: "/graphql", demo }),
  );
  server.get<{ Params: { "*": string } }>("/console/*", async (request, reply) => {
    const name = request.params["*"];
    const file = files.get(name);
    if (file !== undefined) return send(request, reply, file);
    // A file that is missing must be missing: a page in its place would be run or cached as what it is not.
    if (name.startsWith("assets/") || /\.[a-z0-9]+$/i.test(name)) return reply.callNotFound();
    return send(request, reply, page);
  });
}

function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply.headers(HEADERS).headers({
    "cache-control": file.immutable ? FOREVER : "no-cache",
    etag: file.etag,
    vary: "accept-encoding",
  });
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  reply.type(file.type);
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  return takesGzip && file.gzip !== undefined ? reply.header("content-encoding", "gzip").send(file.gzip) : reply.send(file.body);
}
