// Invariant: what the gateway publishes without a token is what was meant to be public: signing keys without their private half,
// and the demo page only where the operator asked for it, with every text escaped.
import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ed25519Signer, verifyJws } from "@ekm/ekm";
import { buildSchema, parse, validate } from "graphql";
import { createLocalJWKSet, jwtVerify } from "jose";
import { pino } from "pino";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "../src/composition/gateway.js";
import { parseEnvironment } from "../src/environment.js";
import { printApi } from "../src/graphql/print-schema.js";
import { DEMO_QUERIES } from "../src/http/demo/demo-queries.js";
import { createSurroundings } from "./support/stack.js";
import { type Stubs, startStubServer } from "./support/stub-server.js";
import { temporaryDirectory } from "./support/temporary-directory.js";

const running: { close(): Promise<void> }[] = [];
const start = async (published: NonNullable<Stubs["published"]>) => {
  const server = await startStubServer({ published });
  running.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

let directory: string;
beforeAll(async () => {
  directory = await temporaryDirectory("published");
});
const fileOf = async (content: unknown): Promise<string> => {
  const file = path.join(directory, `${randomUUID()}.json`);
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};
const jwkOf = (key: KeyObject) => key.export({ format: "jwk" });

describe("the signing keys", () => {
  it("verify what the service signed, found by the key id that it names", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const signer = ed25519Signer(privateKey);
    const { url } = await start({ signingKeys: await fileOf({ keys: [jwkOf(publicKey)] }) });
    const response = await fetch(`${url}/.well-known/ekm-keys.json`);
    expect(response.headers.get("content-type")).toContain("application/json");
    const keys = (await response.json()) as Parameters<typeof createLocalJWKSet>[0];
    expect(keys).toEqual({ keys: [{ ...jwkOf(publicKey), kid: signer.keyId, alg: "EdDSA", use: "sig" }] });

    const jws = await signer.sign({ fromArn: "arn:x" });
    expect((await jwtVerify(jws, createLocalJWKSet(keys))).payload).toMatchObject({ fromArn: "arn:x" });
    expect(verifyJws(jws, publicKey)).toMatchObject({ fromArn: "arn:x" });
  });

  it("are not there, 404, where none are configured", async () => {
    const { url } = await start({});
    expect((await fetch(`${url}/.well-known/ekm-keys.json`)).status).toBe(404);
  });

  it.each([
    ["a private key", () => ({ keys: [jwkOf(generateKeyPairSync("ed25519").privateKey)] }), "private key"],
    ["a key of another kind", () => ({ keys: [jwkOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)] }), "kty"],
    ["no key", () => ({ keys: [] }), "keys"],
  ])("stop the start when the file holds %s", async (_what, content, problem) => {
    const { aws, variables } = await createSurroundings();
    const environment = parseEnvironment({ ...variables, EKM_SIGNING_PUBLIC_KEYS: await fileOf(content()) });
    if (!environment.ok) throw new Error(environment.problems.join());
    const starting = startGateway(environment.value, pino({ level: "silent" }));
    await expect(starting).rejects.toThrow(problem);
    await expect(starting).rejects.toThrow("EKM_SIGNING_PUBLIC_KEYS");
    await aws.close();
  });
});

describe("the demo page", () => {
  const HOSTILE = `"><script>alert('x')</script>&`;
  const demo = {
    accounts: [
      {
        id: "acc_1",
        name: "Acme",
        state: "Enabled",
        description: "All is well.",
        keyArn: "arn:aws:kms:x",
        tokens: { ACCOUNT_ADMIN: "jwt-1" },
      },
      { id: "acc_2", name: HOSTILE, state: HOSTILE, description: HOSTILE, tokens: { [HOSTILE]: HOSTILE } },
      { id: "acc_3", name: "Umbra", state: "Enabled", description: "Another.", tokens: {} },
    ],
    supportToken: "jwt-support",
    aws: { endpoint: "http://127.0.0.1:4566" },
  };

  it("lists the accounts by state, with their tokens and queries to paste", async () => {
    const { url } = await start({ demo: await fileOf(demo) });
    const page = await (await fetch(`${url}/demo`)).text();
    for (const text of ["acc_1", "jwt-1", "jwt-support", "arn:aws:kms:x", "http://127.0.0.1:4566", "checkKeyHealth"]) {
      expect(page).toContain(text);
    }
    const headings = [...page.matchAll(/<h[23]>([^<]*)<\/h[23]>/g)].map(([, title]) => title);
    expect(headings.slice(0, 4)).toEqual(["Support", "Enabled", "Acme", "Umbra"]);
    expect(page.match(/data-copy="/g)?.length).toBe(3 + DEMO_QUERIES.length);
  });

  it("escapes what the file says", async () => {
    const { url } = await start({ demo: await fileOf(demo) });
    const page = await (await fetch(`${url}/demo`)).text();
    expect(page).not.toContain(HOSTILE);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;");
  });

  it("runs its own script and no other, loads nothing, and is not kept by caches", async () => {
    const { url } = await start({ demo: await fileOf(demo) });
    const [first, second] = await Promise.all([fetch(`${url}/demo`), fetch(`${url}/demo`)]);
    const policy = first.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "none";
    const page = await first.text();
    expect(page).toContain(`<script nonce="${nonce}">`);
    expect(page).toContain(`<style nonce="${nonce}">`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page).not.toMatch(/\ssrc=|\son[a-z]+=|\sstyle=/);
    expect(second.headers.get("content-security-policy")).not.toBe(policy);
    expect(first.headers.get("cache-control")).toBe("no-store");
  });

  it("is not there, 404, without a demo file, and says so while it is not written yet", async () => {
    const none = await start({});
    expect((await fetch(`${none.url}/demo`)).status).toBe(404);
    const early = await start({ demo: path.join(directory, "later.json") });
    expect((await fetch(`${early.url}/demo`)).status).toBe(503);
    const broken = await start({ demo: await fileOf("{") });
    expect((await fetch(`${broken.url}/demo`)).status).toBe(503);
  });

  it.each(DEMO_QUERIES.map((query) => [query.title, query] as const))(
    "offers a query that the API understands: %s",
    (_title, { query }) => {
      expect(validate(buildSchema(printApi()), parse(query))).toEqual([]);
    },
  );
});
