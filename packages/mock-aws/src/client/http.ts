import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface HttpCall {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One HTTP call. Rejects for a broken connection, silence longer than `timeoutMs` (30 s) or an answer beyond 64 MiB. */
export function httpCall(url: URL, { method, headers = {}, body, timeoutMs = 30_000 }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === "https:";
    const sent = body === undefined ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
    const outgoing = (secure ? httpsRequest : httpRequest)(url, { method, headers: sent, ...(secure ? {} : { agent }) });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer from ${url.origin} within ${timeoutMs} ms`)));
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) incoming.destroy(new Error(`the answer of ${url.origin} is too large`));
        chunks.push(chunk);
      });
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.end(body);
  });
}
