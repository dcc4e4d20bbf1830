import type { FastifyReply, FastifyRequest, RouteGenericInterface } from "fastify";

interface Text extends RouteGenericInterface {
  Reply: string;
}

const TOO_LONG =
  "This took too long, and may have been done nevertheless. Ask again, a mutation with the same idempotencyKey; quote the request id to support if it stays.";

/** The answer of `work`, or after `deadlineMs` that there is none yet. What was begun is not taken back: it goes on by itself. */
export async function withinDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  request: FastifyRequest<Text>,
  reply: FastifyReply<Text>,
): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), deadlineMs);
  });
  try {
    const answer = await Promise.race([work.then((value) => ({ value })), late]);
    if (answer !== null) return answer.value;
  } finally {
    clearTimeout(timer);
  }
  request.log.error({ deadlineMs }, "no answer within the deadline");
  work.catch((err: unknown) => request.log.error({ err }, "failed after the deadline"));
  void reply.code(504).type("application/json; charset=utf-8");
  return JSON.stringify({ errors: [{ message: TOO_LONG, extensions: { code: "INTERNAL", requestId: request.id } }] });
}
