import { keySource } from "../auth/key-source.js";
import { createTokenVerifier, type TokenVerifier } from "../auth/verify-token.js";
import type { Environment } from "../environment.js";

export const composeIdentity = async ({ tokens }: Environment): Promise<TokenVerifier> =>
  createTokenVerifier({ issuer: tokens.issuer, audience: tokens.audience, keys: await keySource(tokens.jwks) });
