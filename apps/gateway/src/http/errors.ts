import type { FastifyError, FastifyInstance } from "fastify";

/** What Fastify refuses before GraphQL sees it (size, content type, broken JSON), in the shape of a GraphQL error. */
export function registerErrorAnswers(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const ours = status >= 500;
    if (ours) request.log.error({ err: error }, "request failed");
    return reply.code(status).send({
      errors: [
        {
          message: ours ? "Something went wrong on our side. Quote the request id to support." : error.message,
          extensions: { code: ours ? "INTERNAL" : "BAD_USER_INPUT", requestId: request.id },
        },
      ],
    });
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      errors: [{ message: "There is nothing here.", extensions: { code: "BAD_USER_INPUT", requestId: request.id } }],
    }),
  );
}
