// Invariant: the console's own files are served and nothing else is, under a policy that lets the page run and call nothing foreign.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FastifyInstance, fastify } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { registerConsole } from "../src/http/console.js";
import { readConsoleFiles } from "../src/http/console-files.js";

const SCRIPT = "const answer = 42;\n".repeat(50);
let directory: string;
let server: FastifyInstance;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ekm-console-files-"));
  const dist = join(directory, "dist");
  await mkdir(join(dist, "assets"), { recursive: true });
  await writeFile(join(directory, "secret.json"), "{}");
  await writeFile(join(dist, "index.html"), "<!doctype html><title>console</title>");
  await writeFile(join(dist, "settings.json"), '{"api":"elsewhere"}');
  await writeFile(join(dist, "assets", "index-abc123.js"), SCRIPT);
  await writeFile(join(dist, "assets", "index-abc123.js.map"), "{}");
  server = fastify();
  registerConsole(server, await readConsoleFiles(dist), { demo: "/demo/people.json" });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

it("serves the page for every page's path, never from a cache unasked", async () => {
  for (const url of ["/console/", "/console/key", "/console/accounts/0190-1"]) {
    const answer = await server.inject({ url });
    expect([answer.statusCode, answer.body]).toEqual([200, "<!doctype html><title>console</title>"]);
    expect(answer.headers["cache-control"]).toBe("no-cache");
  }
  expect((await server.inject({ url: "/console" })).headers["location"]).toBe("/console/");
});

it("forbids everything foreign and everything inline", async () => {
  for (const url of ["/console/", "/console/assets/index-abc123.js"]) {
    const policy = String((await server.inject({ url })).headers["content-security-policy"]).split("; ");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toContain("unsafe");
  }
});

it("lets files that are named by their content be kept for ever, compressed where the client takes it", async () => {
  const url = "/console/assets/index-abc123.js";
  const plain = await server.inject({ url });
  expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(plain.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(plain.body).toBe(SCRIPT);
  const small = await server.inject({ url, headers: { "accept-encoding": "br, gzip" } });
  expect(small.headers["content-encoding"]).toBe("gzip");
  expect(small.rawPayload.length).toBeLessThan(SCRIPT.length / 5);
  const again = await server.inject({ url, headers: { "if-none-match": String(plain.headers["etag"]) } });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
});

it("says where the API is and whether there is a demo", async () => {
  expect((await server.inject({ url: "/console/settings.json" })).json()).toEqual({ api: "/graphql", demo: "/demo/people.json" });
});

it.each([
  "/console/assets/missing.js",
  "/console/assets/index-abc123.js.map",
  "/console/../secret.json",
  "/console/..%2fsecret.json",
  "/console/%2e%2e/secret.json",
  "/console/assets/..%2f..%2f..%2fsecret.json",
  "/console/..%5csecret.json",
])("has nothing at %s", async (url) => {
  expect((await server.inject({ url })).statusCode).toBe(404);
});

it("does not start without a console", async () => {
  await expect(readConsoleFiles(join(directory, "dist", "assets"))).rejects.toThrow("EKM_CONSOLE_DIR has no index.html");
});
