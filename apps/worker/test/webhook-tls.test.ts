// Invariant: a receiver is believed by its certificate: one of a trusted authority, for the host in the URL.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCertificate } from "./support/certificate.js";

const SEND = fileURLToPath(new URL("./processes/send.mjs", import.meta.url));
const run = promisify(execFile);

let directory: string;
let server: Server;
let port: number;
const received: string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "ekm-webhook-tls-"));
  const { key, certificate } = makeCertificate("localhost");
  await writeFile(path.join(directory, "authority.pem"), certificate);
  server = createServer({ key, cert: certificate }, (request, response) => {
    received.push(String(request.headers.host));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

it("delivers to the host that the certificate names, and not to the same machine under another name", {
  timeout: 30_000,
}, async () => {
  const urls = [`https://localhost:${port}/`, `https://127.0.0.1:${port}/`];
  const env = { PATH: process.env["PATH"] ?? "", NODE_EXTRA_CA_CERTS: path.join(directory, "authority.pem") };
  const { stdout } = await run(process.execPath, [SEND, ...urls], { env });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { kind: "answered", statusCode: 204 },
    { kind: "failed", error: "The TLS certificate is for another host." },
  ]);
  expect(received).toEqual([`localhost:${port}`]);
});
