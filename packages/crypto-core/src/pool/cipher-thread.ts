/** What runs on each thread of a pool. */
import { type MessagePort, parentPort } from "node:worker_threads";
import type { Answer, Request } from "./protocol.js";
import { startSession, type ThreadSession } from "./thread-session.js";

/** Below this a copy is cheaper than a hand-over. */
const HAND_OVER_FROM = 4096;

const port = parentPort as MessagePort;
const sessions = new Map<number, ThreadSession>();

port.on("message", (request: Request) => {
  if (request.type === "begin") sessions.set(request.session, startSession(request, post));
  else if (request.type === "work") sessions.get(request.session)?.give(request);
  else {
    sessions.get(request.session)?.end();
    sessions.delete(request.session);
  }
});

/** Large chunks are handed over, not copied: they belong to the main thread from now on. */
function post(answer: Answer): void {
  const whole = answer.chunks.filter((chunk) => chunk.length >= HAND_OVER_FROM && chunk.length === chunk.buffer.byteLength);
  port.postMessage(
    answer,
    whole.map((chunk) => chunk.buffer as ArrayBuffer),
  );
}
