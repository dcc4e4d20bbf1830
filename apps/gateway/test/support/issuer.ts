import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { temporaryDirectory } from "./temporary-directory.js";

export const ISSUER = "https://issuer.test";
export const AUDIENCE = "ekm";

export interface TokenWish {
  readonly subject?: string;
  readonly roles?: readonly (Role | string)[];
  readonly account?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now; negative: in the past; null: never. */
  readonly expiresIn?: number | null;
  readonly claims?: JWTPayload;
}

/** An OIDC issuer of one key, whose public half is in a file. Two issuers share nothing but their names. */
export async function createIssuer({ alg = "EdDSA", kid = "k1" } = {}) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
  const jwksPath = path.join(await temporaryDirectory("issuer"), "jwks.json");
  await writeFile(jwksPath, JSON.stringify({ keys: [publicJwk] }));

  return {
    jwksPath,
    publicJwk,
    token(wish: TokenWish = {}): Promise<string> {
      const { subject = "ada", roles = ["ACCOUNT_ADMIN"], account, expiresIn = 600, claims = {} } = wish;
      const payload = { "ekm:roles": roles, ...(account === undefined ? {} : { "ekm:account": account }), ...claims };
      const jwt = new SignJWT(payload)
        .setProtectedHeader({ alg, kid })
        .setSubject(subject)
        .setIssuer(wish.issuer ?? ISSUER)
        .setAudience(wish.audience ?? AUDIENCE)
        .setIssuedAt();
      return (expiresIn === null ? jwt : jwt.setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)).sign(privateKey);
    },
  };
}

export type Issuer = Awaited<ReturnType<typeof createIssuer>>;
