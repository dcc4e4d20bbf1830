import { readFile } from "node:fs/promises";
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

const RELOAD_AFTER_MS = 5_000;

/** The issuer's public keys, from an https URL or a file. Both are read again, not too often, when a token names an unknown key. */
export const keySource = (location: string): Promise<JWTVerifyGetKey> =>
  location.includes("://")
    ? Promise.resolve(createRemoteJWKSet(new URL(location), { timeoutDuration: 5_000, cooldownDuration: 30_000 }))
    : fileKeySource(location);

async function fileKeySource(path: string): Promise<JWTVerifyGetKey> {
  const load = async () => createLocalJWKSet(JSON.parse(await readFile(path, "utf8")) as JSONWebKeySet);
  let keys = await load();
  let loadedAt = performance.now();
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || performance.now() - loadedAt < RELOAD_AFTER_MS) throw error;
      loadedAt = performance.now();
      keys = await load();
      return keys(header, token);
    }
  };
}
