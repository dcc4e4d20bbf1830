import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Controlled } from "../control/router.js";
import type { World } from "../world.js";
import { createAwsEndpoint } from "./aws-endpoint.js";

/** Longer than clients keep idle connections, so that none is closed under a request that is on its way. */
const KEEP_ALIVE_MS = 120_000;

/** Asked first for everything but `POST /`: false where there is nothing of theirs at that path, and the request is untouched. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * `POST /` is AWS; everything else is the control interface. Who takes longer than `requestTimeoutMs` to send a request is cut off
 * with 408.
 */
export function createFrontServer(world: World, controlled: Controlled, requestTimeoutMs: number, pages?: Pages): Server {
  const aws = createAwsEndpoint(world);
  // Loaded when it is first asked for: what reads its requests takes longer to load than all of AWS here.
  const control = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await pages?.(request, response)) return;
    const { answerControl } = await import("../control/router.js");
    await answerControl(controlled, request, response);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isAws = request.method === "POST" && (request.url === "/" || request.url?.startsWith("/?") === true);
    try {
      await (isAws ? aws(request, response) : control(request, response));
    } catch (error) {
      fail(error, request, response);
    }
  };
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
  };
  return createServer(options, (request, response) => void answer(request, response));
}

/** A caller that went away is nobody's fault; anything else is a bug of the simulator, and says so. */
function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (request.socket.destroyed) return;
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(500, { "content-type": "application/json" });
  response.end(JSON.stringify({ __type: "InternalFailure", message: `a bug of the simulator: ${message}` }));
}
