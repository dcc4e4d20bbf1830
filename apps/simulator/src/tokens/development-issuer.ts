import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import type { Role } from "../product/types.js";
import type { TokenSource } from "./token-source.js";

/** Has a token for every caller. */
export interface DevelopmentTokens extends TokenSource {
  token(role: Role, accountId?: string): Promise<string>;
}

/** Signs tokens as an OIDC issuer would. For development and tests: its private key is a file. */
export interface DevelopmentIssuer extends DevelopmentTokens {
  readonly issuer: string;
  readonly audience: string;
  /** The public key set, a file for the gateway's EKM_JWKS. */
  readonly jwksFile: string;
}

const ISSUER = "https://issuer.ekm.example";
const AUDIENCE = "ekm";
const VALID_FOR = "12h";

/** Opens the issuer kept in `directory` (`issuer-key.json`, mode 0600, and `jwks.json`); makes its ES256 key pair when there is none. */
export async function openDevelopmentIssuer(directory: string): Promise<DevelopmentIssuer> {
  await mkdir(directory, { recursive: true });
  const keyFile = join(directory, "issuer-key.json");
  const jwk = (await readKey(keyFile)) ?? (await createKey(keyFile));
  const { d: _private, ...publicKey } = jwk;
  const jwksFile = join(directory, "jwks.json");
  await writeFile(jwksFile, `${JSON.stringify({ keys: [publicKey] }, null, 2)}\n`);
  return { issuer: ISSUER, audience: AUDIENCE, jwksFile, ...(await signWith(jwk)) };
}

/** Signs with the key of an issuer that was opened before, elsewhere. Throws where the file holds no such key. */
export async function tokensFromKey(file: string): Promise<DevelopmentTokens> {
  const jwk = await readKey(file);
  if (jwk?.kty !== "EC" || jwk.d === undefined) throw new Error(`${file} is not the private key of a development issuer`);
  return signWith(jwk);
}

async function signWith(jwk: JWK): Promise<DevelopmentTokens> {
  const key = await importJWK(jwk, "ES256");
  return {
    token: (role, accountId) =>
      new SignJWT({ "ekm:roles": [role], ...(accountId === undefined ? {} : { "ekm:account": accountId }) })
        .setProtectedHeader({ alg: "ES256", ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
        .setSubject(`${role.toLowerCase().replaceAll("_", "-")}@ekm.example`)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(VALID_FOR)
        .sign(key),
  };
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as JWK;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function createKey(file: string): Promise<JWK> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const jwk: JWK = { ...(await exportJWK(pair.privateKey)), alg: "ES256", use: "sig" };
  jwk.kid = await calculateJwkThumbprint(jwk);
  await writeFile(file, `${JSON.stringify(jwk, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  return jwk;
}
