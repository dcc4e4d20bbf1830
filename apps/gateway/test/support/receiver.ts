import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface ReceivedMessage {
  readonly id: string;
  readonly signatures: readonly string[];
  readonly body: string;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read messages whose shape their type fixes
  readonly message: any;
}

/** A receiver of webhooks on loopback. It answers 204 unless it is told otherwise. */
export async function startReceiver() {
  const received: ReceivedMessage[] = [];
  let answer = (response: ServerResponse): void => void response.writeHead(204).end();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => void chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const signatures = headers["webhook-signature"]?.split(" ") ?? [];
      received.push({ id: headers["webhook-id"] ?? "", signatures, body, headers, message: JSON.parse(body) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    ofType: (type: string) => received.filter(({ message }) => message.type === type),
    answerWith(next: (response: ServerResponse) => void) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As a customer's code would; throws what the library throws. */
export const verify = (secret: string, { body, headers }: Pick<ReceivedMessage, "body" | "headers">): unknown =>
  new Webhook(secret).verify(body, headers);
