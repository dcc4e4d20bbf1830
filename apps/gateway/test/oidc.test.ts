// Invariant: whoever is let in was named so by the configured issuer, for this API, with a key that the issuer stands by; an issuer
// that changes its keys needs nobody here, and one that is down locks nobody out at once and lets nobody in for ever.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, importJWK, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIssuerKeys, KEY_BOUNDS } from "../src/auth/issuer-keys.js";
import { keysByDiscovery } from "../src/auth/load-keys.js";
import { cacheTokens } from "../src/auth/token-cache.js";
import { createTokenVerifier, type TokenRules } from "../src/auth/verify-token.js";
import { signingKey, startIdentityProvider } from "./support/identity-provider.js";
import { type Stack, startStack } from "./support/stack.js";

const API = "https://ekm.example.com";
const PEOPLE = {
  ada: { roles: ["ACCOUNT_ADMIN", "MANAGER_OF_OTHER_THINGS"], account: "acc_ada" },
  sam: { roles: ["SUPPORT"] },
  both: { roles: ["SUPPORT", "ACCOUNT_VIEWER"], account: "acc_ada" },
  nobody: { roles: [] },
  machine: { roles: ["BACKUP_OPERATOR"], account: "acc_ada" },
};
const WHO = "{ viewer { subject roles } }";

let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
let stack: Stack;
beforeAll(async () => {
  provider = await startIdentityProvider(API, PEOPLE);
  stack = await startStack({ EKM_JWT_ISSUER: provider.issuer, EKM_JWT_AUDIENCE: API, EKM_JWKS: "" });
});
afterAll(async () => {
  await stack?.close();
  await provider?.close();
});

/** The gateway's parts over the provider, with a clock that is moved by hand. */
function partsOf(rules: Partial<TokenRules> = {}) {
  let now = 0;
  const keys = createIssuerKeys({ load: keysByDiscovery(provider.issuer), clock: { monotonicMs: () => now } });
  const clock = { now: () => new Date(), monotonicMs: () => now };
  const verify = createTokenVerifier({ issuer: provider.issuer, audience: API, keys: keys.find, clock, ...rules });
  return {
    verify: cacheTokens({ verify, revision: keys.revision, clock }),
    keys,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe("people of a real provider", () => {
  it("are let in with the roles that we know", async () => {
    const { accessToken } = await provider.signIn("ada");
    const { status, data } = await stack.ask(WHO, { token: accessToken });
    expect([status, data]).toEqual([200, { viewer: { subject: "ada", roles: ["ACCOUNT_ADMIN"] } }]);
  });

  it("are machines as well", async () => {
    const { data } = await stack.ask(WHO, { token: await provider.machine() });
    expect(data.viewer).toEqual({ subject: provider.clientId, roles: ["BACKUP_OPERATOR"] });
  });

  it("are support without an account; who is named both is let in as neither", async () => {
    const sam = await provider.signIn("sam");
    expect((await stack.ask("{ accounts { nodes { id } } }", { token: sam.accessToken })).errors).toEqual([]);
    const both = await provider.signIn("both");
    expect((await stack.ask(WHO, { token: both.accessToken })).status).toBe(401);
  });

  it("may do nothing without a role", async () => {
    const { accessToken } = await provider.signIn("nobody");
    const { errors } = await stack.ask("{ account { id } }", { token: accessToken });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
  });

  it("are not let in by an ID token, which is for the application", async () => {
    const { idToken } = await provider.signIn("ada");
    expect((await stack.ask(WHO, { token: idToken })).status).toBe(401);
    const reasons: string[] = [];
    // Even where application and API go by one name.
    const { verify } = partsOf({ audience: provider.clientId, onRefused: (reason) => reasons.push(reason) });
    expect(await verify(idToken)).toBeNull();
    expect(reasons).toEqual(["no access token"]);
  });

  it("pass a gateway that wants access tokens by their type", async () => {
    const { accessToken } = await provider.signIn("ada");
    expect(await partsOf({ type: "at+jwt" }).verify(accessToken)).not.toBeNull();
    expect(await partsOf({ type: "other+jwt" }).verify(accessToken)).toBeNull();
  });
});

describe("a provider that rotates its keys", () => {
  it("is followed without a restart, and a key that it took away is refused when the keys are read again", async () => {
    const { verify, wait } = partsOf();
    const before = (await provider.signIn("ada")).accessToken;
    expect(await verify(before)).not.toBeNull();

    const second = await signingKey("key-2");
    provider.publish([second, provider.firstKey]);
    const after = (await provider.signIn("ada")).accessToken;
    wait(KEY_BOUNDS.cooldown);
    expect(await verify(after)).not.toBeNull();
    expect(await verify(before)).not.toBeNull();

    provider.publish([second]);
    wait(KEY_BOUNDS.maxAge);
    expect(await verify(before)).toBeNull();
    expect(await verify(after)).not.toBeNull();
    provider.publish([provider.firstKey]);
  });
});

describe("a provider that is down", () => {
  it("locks nobody out while its keys may be used, and everybody after; then nobody has to help", async () => {
    const { verify, keys, wait } = partsOf();
    const { accessToken } = await provider.signIn("ada");
    expect(await verify(accessToken)).not.toBeNull();
    expect(await keys.state()).toBe("CURRENT");

    provider.down();
    wait(KEY_BOUNDS.maxAge);
    expect(await verify(accessToken)).not.toBeNull();
    expect(await keys.state()).toBe("STALE");
    wait(KEY_BOUNDS.maxStale - KEY_BOUNDS.maxAge - 1);
    expect(await verify(accessToken)).not.toBeNull();
    wait(1);
    await expect(verify(accessToken)).rejects.toThrow("cannot be read");
    expect(await keys.state()).toBe("NONE");

    provider.publish([provider.firstKey]);
    wait(KEY_BOUNDS.retryAfter);
    expect(await verify(accessToken)).not.toBeNull();
    expect(await keys.state()).toBe("CURRENT");
  });

  it("keeps a gateway that begins from being ready, and a request is our failure", async () => {
    provider.down();
    const late = await startStack({ EKM_JWT_ISSUER: provider.issuer, EKM_JWT_AUDIENCE: API, EKM_JWKS: "" });
    try {
      const ready = await fetch(`${late.url}/readyz`);
      expect([ready.status, await ready.json()]).toMatchObject([503, { status: "not ready", issuerKeys: "NONE" }]);
      const { status, errors } = await late.ask(WHO, { token: "e30.e30.e30" });
      expect([status, errors[0]?.extensions["code"]]).toEqual([401, "UNAUTHENTICATED"]);
      const { status: failed, errors: failures } = await late.ask(WHO, { token: await forged({ alg: "ES256", kid: "key-1" }) });
      expect([failed, failures[0]?.extensions["code"]]).toEqual([500, "INTERNAL"]);
    } finally {
      provider.publish([provider.firstKey]);
      await late.close();
    }
  });

  it.each<[string, (url: string) => unknown]>([
    ["names another issuer", (url) => ({ issuer: "https://other.test", jwks_uri: `${url}/jwks` })],
    [
      "sends its readers to where keys could be replaced",
      (url) => ({ issuer: url, jwks_uri: url.replace("127.0.0.1", "0.0.0.0") }),
    ],
    ["says nothing of keys", (url) => ({ issuer: url })],
    ["is longer than any", (url) => ({ issuer: url, jwks_uri: `${url}/jwks`, padding: "x".repeat(300_000) })],
    ["is no object", () => "https://other.test"],
  ])("is not believed when its description %s", async (_what, description) => {
    const { url, close } = await descriptionAt(description);
    await expect(keysByDiscovery(url)()).rejects.toThrow();
    await close();
  });

  it("would be believed, were nothing wrong with its description", async () => {
    const { url, close } = await descriptionAt((self) => ({ issuer: self, jwks_uri: `${self}/jwks` }));
    expect(await keysByDiscovery(url)()).toEqual({ keys: [] });
    await close();
  });
});

/** An issuer that describes itself so, and answers a key set for everything else. */
async function descriptionAt(description: (url: string) => unknown) {
  const server = createServer((request, response) => {
    const asked = request.url === "/.well-known/openid-configuration";
    response.end(JSON.stringify(asked ? description(url) : { keys: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}

/** Signed by a key that the provider never had. */
async function forged(header: JWTHeaderParameters, payload: Record<string, unknown> = {}): Promise<string> {
  const { privateKey } = await generateKeyPair(header.alg);
  return claims(payload).setProtectedHeader(header).sign(privateKey);
}

const claims = (payload: Record<string, unknown> = {}) =>
  new SignJWT({ "ekm:roles": ["SUPPORT"], sub: "eve", iss: provider.issuer, aud: API, exp: inSeconds(600), ...payload });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe("an attack", () => {
  /** Signed by the provider's own key: what is wrong is what the test says, and nothing else. */
  const signed = async (payload: Record<string, unknown> = {}, header: Partial<JWTHeaderParameters> = {}) =>
    claims(payload)
      .setProtectedHeader({ alg: "ES256", kid: "key-1", ...header })
      .sign(await importJWK(provider.firstKey, "ES256"), { crit: { exotic: true } });
  const isLetIn = async (token: string) => (await stack.ask(WHO, { token })).status === 200;

  it("would be let in, were nothing wrong with it", async () => {
    expect(await isLetIn(await signed())).toBe(true);
    for (const typ of ["at+jwt", "application/at+jwt", "JWT"]) expect(await isLetIn(await signed({}, { typ }))).toBe(true);
    expect(await isLetIn(await signed({ token_use: "access" }))).toBe(true);
    expect(await isLetIn(await signed({ typ: "Bearer" }))).toBe(true);
  });

  it.each<[string, Record<string, unknown>, Partial<JWTHeaderParameters>?]>([
    ["of another issuer", { iss: "https://evil.example.com" }],
    ["of an issuer whose name begins alike", { iss: "http://127.0.0.1" }],
    ["for another audience", { aud: "https://other.example.com" }],
    ["for no audience", { aud: undefined }],
    ["that has run out", { exp: Math.floor(Date.now() / 1000) - 60 }],
    ["that begins later", { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ["that never runs out", { exp: undefined }],
    ["whose end is no number", { exp: "9999999999" }],
    ["of nobody", { sub: undefined }],
    ["that is longer than any token", { padding: "x".repeat(8_192) }],
    ["that names a key by a path", {}, { kid: "../../../../etc/passwd" }],
    ["that names a key by a property of every object", {}, { kid: "__proto__" }],
    ["with an extension that we must understand and do not", {}, { crit: ["exotic"], exotic: true }],
    ["that is an ID token by its nonce", { nonce: "n" }],
    ["that is an ID token by its hash", { at_hash: "h" }],
    ["that is an ID token of Cognito's", { token_use: "id" }],
    ["that is an ID token of Keycloak's", { typ: "ID" }],
    ["that is a refresh token of Keycloak's", { typ: "Refresh" }],
    ["that is a logout token", { events: {} }, { typ: "logout+jwt" }],
    ["that is a security event", {}, { typ: "secevent+jwt" }],
    ["of support that belongs to an account", { "ekm:account": "acc_ada" }],
  ])("%s is refused", async (_what, payload, header) => {
    expect(await isLetIn(await signed(payload, header))).toBe(false);
  });

  it("without a signature is refused", async () => {
    const payload = { "ekm:roles": ["SUPPORT"], sub: "eve", iss: provider.issuer, aud: API, exp: inSeconds(600) };
    expect(await isLetIn(new UnsecuredJWT(payload).encode())).toBe(false);
    const [, body] = (await signed()).split(".");
    for (const alg of ["none", "None", "nOnE", ""]) {
      const header = Buffer.from(JSON.stringify({ alg, kid: "key-1" })).toString("base64url");
      expect(await isLetIn(`${header}.${body}.`)).toBe(false);
    }
  });

  it("with the public key as a shared secret is refused", async () => {
    const { d: _private, ...publicKey } = provider.firstKey;
    for (const secret of [JSON.stringify(publicKey), publicKey.x ?? ""]) {
      const token = await claims().setProtectedHeader({ alg: "HS256", kid: "key-1" }).sign(new TextEncoder().encode(secret));
      expect(await isLetIn(token)).toBe(false);
    }
  });

  it("that brings its own key, or says where to fetch one, is refused, and nobody goes there", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    provider.fetched();
    for (const header of [{ jwk }, { jku: `${provider.issuer}/evil` }, { x5u: `${provider.issuer}/evil` }]) {
      for (const kid of ["key-1", "evil"]) {
        const token = await claims()
          .setProtectedHeader({ alg: "ES256", kid, ...header })
          .sign(privateKey);
        expect(await isLetIn(token)).toBe(false);
      }
    }
    expect(provider.fetched().filter((path) => path.includes("evil"))).toEqual([]);
  });

  it("with a flood of key ids makes no flood at the provider", async () => {
    const { verify, wait } = partsOf();
    await verify(await signed());
    provider.fetched();
    const flood = async () => {
      const tokens = await Promise.all(Array.from({ length: 200 }, (_, n) => forged({ alg: "ES256", kid: `flood-${n}` })));
      for (const verified of await Promise.all(tokens.map(verify))) expect(verified).toBeNull();
    };
    await flood();
    expect(provider.fetched()).toEqual([]);
    wait(KEY_BOUNDS.cooldown);
    await flood();
    await flood();
    expect(provider.fetched()).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });
});
