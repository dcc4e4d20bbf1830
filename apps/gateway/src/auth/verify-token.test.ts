import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@ekm/ekm";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { AUDIENCE, createIssuer, ISSUER, type Issuer } from "../../test/support/issuer.js";
import { bearerToken } from "./bearer.js";
import { createIssuerKeys } from "./issuer-keys.js";
import { keysFromFile, keysFromUrl } from "./load-keys.js";
import { createTokenVerifier, type TokenVerifier } from "./verify-token.js";

function verifierOf(location: string): TokenVerifier {
  const load = location.includes("://") ? keysFromUrl(location) : keysFromFile(location);
  const keys = createIssuerKeys({ load, clock: systemClock });
  return createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: keys.find, clock: systemClock });
}

let issuer: Issuer;
let verify: TokenVerifier;
beforeAll(async () => {
  issuer = await createIssuer();
  verify = verifierOf(issuer.jwksPath);
});

describe("a token", () => {
  it("names subject, roles and account", async () => {
    const token = await issuer.token({ subject: "ada", roles: ["ACCOUNT_ADMIN", "BACKUP_OPERATOR"], account: "acc_1" });
    expect((await verify(token))?.caller).toEqual({
      subject: "ada",
      roles: ["ACCOUNT_ADMIN", "BACKUP_OPERATOR"],
      accountId: "acc_1",
    });
  });

  it("of support names no account", async () => {
    expect((await verify(await issuer.token({ subject: "sam", roles: ["SUPPORT"] })))?.caller).toEqual({
      subject: "sam",
      roles: ["SUPPORT"],
    });
  });

  it("grants nothing for roles that are not known, or named twice", async () => {
    const token = await issuer.token({ roles: ["ROOT", "ACCOUNT_VIEWER", "ACCOUNT_VIEWER", "constructor"], account: "acc_1" });
    expect((await verify(token))?.caller.roles).toEqual(["ACCOUNT_VIEWER"]);
  });

  it.each(["ES256", "RS256"])("may be signed with %s", async (alg) => {
    const other = await createIssuer({ alg });
    expect(await verifierOf(other.jwksPath)(await other.token())).toMatchObject({ caller: { subject: "ada" } });
  });

  it.each(["PS256", "ES384"])("is refused when signed with %s", async (alg) => {
    const other = await createIssuer({ alg });
    expect(await verifierOf(other.jwksPath)(await other.token())).toBeNull();
  });

  it("may have run out for as long as clocks differ, and no longer", async () => {
    expect(await verify(await issuer.token({ expiresIn: -1 }))).not.toBeNull();
    expect(await verify(await issuer.token({ expiresIn: -30 }))).toBeNull();
  });

  it.each([
    ["of another issuer", { issuer: "https://other.test" }],
    ["for another audience", { audience: "billing" }],
    ["not valid yet", { claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }],
    ["without a subject", { subject: "" }],
    ["with roles that are no list", { claims: { "ekm:roles": "SUPPORT" } }],
    ["with an account that is no string", { claims: { "ekm:account": 7 } }],
    ["with an empty account", { account: "" }],
  ])("%s is refused", async (_what, wish) => {
    expect(await verify(await issuer.token(wish))).toBeNull();
  });

  it("forged by another key of the same name is refused", async () => {
    expect(await verify(await (await createIssuer()).token())).toBeNull();
  });

  it("changed after signing is refused", async () => {
    const [header, , signature] = (await issuer.token({ roles: ["ACCOUNT_VIEWER"] })).split(".");
    const payload = Buffer.from(
      JSON.stringify({ sub: "eve", iss: ISSUER, aud: AUDIENCE, exp: 9_999_999_999, "ekm:roles": ["SUPPORT"] }),
    ).toString("base64url");
    expect(await verify(`${header}.${payload}.${signature}`)).toBeNull();
  });

  it("without a signature, or signed with the public key as a secret, is refused", async () => {
    const claims = { "ekm:roles": ["SUPPORT"] };
    const none = new UnsecuredJWT(claims)
      .setSubject("eve")
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .encode();
    const secret = new TextEncoder().encode(JSON.stringify(issuer.publicJwk));
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", kid: "k1" })
      .setSubject("eve")
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .sign(secret);
    expect(await verify(none)).toBeNull();
    expect(await verify(confused)).toBeNull();
  });

  it("without an expiry is refused", async () => {
    expect(await verify(await issuer.token({ expiresIn: null }))).toBeNull();
  });

  it.each(["", "x", "a.b.c", "....", "e30.e30.e30"])("that is nonsense (%j) is refused", async (token) => {
    expect(await verify(token)).toBeNull();
  });
});

describe("the issuer's keys", () => {
  it("may come from a URL", async () => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [issuer.publicJwk] })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await verifierOf(`http://127.0.0.1:${port}/jwks`)(await issuer.token())).toMatchObject({
      caller: { subject: "ada" },
    });
    server.close();
  });

  it("that cannot be had are our failure, not the token's", async () => {
    const server = createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(verifierOf(`http://127.0.0.1:${port}/jwks`)(await issuer.token())).rejects.toThrow();
    server.close();
  });

  it.each(["{", "[]", "null", '{"keys":{}}'])("are not read from %s", async (text) => {
    const { jwksPath } = await createIssuer();
    await writeFile(jwksPath, text);
    await expect(keysFromFile(jwksPath)()).rejects.toThrow();
  });

  it("are passed over where they are of a kind that we do not know", async () => {
    await writeFile(issuer.jwksPath, JSON.stringify({ keys: [null, 7, { kty: "XYZ", kid: "k1" }, issuer.publicJwk] }));
    expect(await verifierOf(issuer.jwksPath)(await issuer.token())).not.toBeNull();
  });
});

describe("the Authorization header", () => {
  it.each([
    [undefined, undefined],
    ["Bearer abc.def-_", "abc.def-_"],
    ["bearer abc", "abc"],
    ["Basic abc", null],
    ["Bearer", undefined],
    ["Bearer ", undefined],
    ["Bearer a b", null],
    ["", null],
  ])("%j holds %j", (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
