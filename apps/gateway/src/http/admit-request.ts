import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TrustedDocuments } from "../graphql/trusted-documents.js";
import { faultOf } from "./request-shape.js";

const BAD_REQUEST = 400;

/** What is refused before anybody is asked who it is, because to look at it is all that it costs; and ids become their documents. */
export function admitRequests(server: FastifyInstance, documents: TrustedDocuments): void {
  server.addHook("preHandler", async (request) => {
    if (request.routeOptions.url === "/graphql" && request.method === "POST") {
      request.body = withDocument(request.body, documents);
    } else if (request.routeOptions.url === "/graphql" && request.method === "GET" && request.url.includes("?")) {
      const { documentId: _, ...parameters } = withDocument(request.query, documents);
      replaceQueryString(request, parameters);
    }
  });
}

function withDocument(parameters: unknown, documents: TrustedDocuments): Record<string, unknown> {
  const fault = faultOf(parameters);
  if (fault !== null) throw badRequest(fault);
  const given = parameters as Record<string, unknown>;
  const found = documents.find(given);
  if (!found.ok) throw badRequest(found.message);
  if (found.query === given["query"]) return given;
  const { extensions: _, ...rest } = given;
  return { ...rest, query: found.query };
}

function replaceQueryString(request: FastifyRequest, parameters: Record<string, unknown>): void {
  const texts = Object.entries(parameters).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  request.raw.url = `/graphql?${new URLSearchParams(texts)}`;
}

const badRequest = (message: string): Error => Object.assign(new Error(message), { statusCode: BAD_REQUEST });
