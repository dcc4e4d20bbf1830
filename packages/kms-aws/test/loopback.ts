import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createKmsAws, type KmsAws, type KmsAwsOptions } from "../src/index.js";

export interface Loopback {
  readonly url: string;
  /** How many requests arrived. */
  readonly requests: () => number;
  close(): Promise<void>;
}

export type Answerer = (request: { target: string; body: Record<string, unknown> }, response: ServerResponse) => void;

/** A real HTTP server on loopback that answers each KMS call as it is told to. */
export async function serveAnswers(answer: Answerer): Promise<Loopback> {
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    const target = String(request.headers["x-amz-target"]).replace("TrentService.", "");
    answer({ target, body: JSON.parse(await bodyOf(request)) }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** As AWS does: JSON 1.1 with a request id. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "req-1" });
  response.end(JSON.stringify(body));
}

export const VENDOR_ACCOUNT = "999999999999";

export const connect = (endpoint: string, options: Partial<KmsAwsOptions> = {}): KmsAws =>
  createKmsAws({
    endpoint,
    allowedRegions: ["us-east-1", "eu-west-1"],
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    connectionTimeoutMs: 2_000,
    requestTimeoutMs: 2_000,
    maxAttempts: 1,
    concurrency: 16,
    vendorAccountId: VENDOR_ACCOUNT,
    vendorPrincipalArn: `arn:aws:iam::${VENDOR_ACCOUNT}:role/ekm`,
    ...options,
  });
