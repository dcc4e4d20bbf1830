import { systemClock } from "@ekm/ekm";
import type { FastifyBaseLogger } from "fastify";
import { createIssuerKeys, type IssuerKeys } from "../auth/issuer-keys.js";
import { keysByDiscovery, keysFromFile, keysFromUrl, type LoadKeys } from "../auth/load-keys.js";
import { cacheTokens } from "../auth/token-cache.js";
import { createTokenVerifier, type TokenVerifier } from "../auth/verify-token.js";
import type { Environment } from "../environment.js";

export interface Identity {
  readonly verifyToken: TokenVerifier;
  readonly issuerKeys: Pick<IssuerKeys, "state">;
}

/** Rejects when the keys are a file that cannot be read. An issuer that does not answer yet keeps the gateway from being ready only. */
export async function composeIdentity({ tokens }: Environment, log: FastifyBaseLogger): Promise<Identity> {
  const load = loaderOf(tokens);
  if (isFile(tokens.jwks)) await load();
  // An experiment that sets the product's clock off leaves tokens alone: they are the issuer's, and its clock is right.
  const clock = systemClock;
  const issuerKeys = createIssuerKeys({
    load,
    clock,
    onTrouble: (err) => log.error({ err }, "the issuer's keys cannot be read; those that are held serve for an hour at most"),
  });
  const verify = createTokenVerifier({
    issuer: tokens.issuer,
    audience: tokens.audience,
    type: tokens.type,
    keys: issuerKeys.find,
    clock,
    onRefused: (reason) => log.debug({ reason }, "a token was refused"),
  });
  return { verifyToken: cacheTokens({ verify, revision: issuerKeys.revision, clock }), issuerKeys };
}

const isFile = (jwks: string | undefined): jwks is string => jwks !== undefined && !jwks.includes("://");

function loaderOf({ issuer, jwks }: Environment["tokens"]): LoadKeys {
  if (jwks === undefined) return keysByDiscovery(issuer);
  return isFile(jwks) ? keysFromFile(jwks) : keysFromUrl(jwks);
}
