import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const DEFAULT_QUERY = "query Me { viewer { subject roles account { id name keyManagement ekm { status } } } }\n";

/** The page brings all its code along. The policy makes sure that it stays so, and that a token typed into it goes nowhere else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

let page: string | undefined;

async function sendExplorer(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  page ??= renderGraphiQL({
    title: "Enterprise Key Management API",
    endpoint: "/graphql",
    defaultQuery: DEFAULT_QUERY,
    headers: JSON.stringify({ Authorization: "Bearer " }),
    shouldPersistHeaders: false,
  });
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", CONTENT_SECURITY_POLICY)
    .header("x-content-type-options", "nosniff")
    .header("referrer-policy", "no-referrer")
    .header("cache-control", "no-cache")
    .send(page);
}

/** A browser that opens the endpoint, as against a client that sends a query by GET. */
const opensPage = (request: FastifyRequest): boolean =>
  request.method === "GET" &&
  request.routeOptions.url === "/graphql" &&
  !request.url.includes("?") &&
  (request.headers.accept ?? "").includes("text/html");

export function registerExplorer(server: FastifyInstance): void {
  server.get("/explorer", sendExplorer);
  server.addHook("preHandler", async (request, reply) => (opensPage(request) ? sendExplorer(request, reply) : undefined));
}
