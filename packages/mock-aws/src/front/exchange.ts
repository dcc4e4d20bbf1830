import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer, Exchange, FaultError, Variation } from "@ekm/faults";

export interface ExchangeOptions {
  proceed(variation: Variation): Promise<Answer>;
  errorAnswer(error: FaultError): Answer;
  /** Called once, before the caller can know the outcome. `status` null: nothing is answered. */
  ended(outcome: "answered" | "truncate" | "reset" | "black-hole", answer: Answer | null): void;
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer);
  // As a string of bytes: node:http then sends head and body in one write.
  response.end(answer.body.toString("latin1"), "latin1");
}

function writeHead(response: ServerResponse, answer: Answer): void {
  const flat: (string | number)[] = ["content-length", answer.body.length];
  for (const name of Object.keys(answer.headers)) flat.push(name, answer.headers[name] ?? "");
  response.writeHead(answer.status, flat);
}

/** An HTTP exchange of node:http, as a fault's effect sees it. */
export function createExchange(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions): Exchange {
  return {
    proceed: (variation = {}) => options.proceed(variation),
    errorAnswer: (error) => options.errorAnswer(error),
    send(answer) {
      options.ended("answered", answer);
      sendAnswer(response, answer);
    },
    sendPart(answer, bytes) {
      options.ended("truncate", answer);
      writeHead(response, answer);
      response.write(answer.body.subarray(0, bytes), () => request.socket.destroy());
    },
    reset() {
      options.ended("reset", null);
      request.socket.resetAndDestroy();
    },
    hold() {
      options.ended("black-hole", null);
      return new Promise((resolve) => response.once("close", resolve));
    },
  };
}
