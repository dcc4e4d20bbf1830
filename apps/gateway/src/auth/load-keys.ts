import { readFile } from "node:fs/promises";
import type { JSONWebKeySet } from "jose";
import { fetchJson } from "./fetch-json.js";
import { isTrustedUrl } from "./trusted-url.js";

/** Reads the issuer's public keys anew. Throws where it cannot, or where what it reads is no key set. */
export type LoadKeys = () => Promise<JSONWebKeySet>;

const MAX_KEYS = 100;

export const keysFromFile =
  (path: string): LoadKeys =>
  async () =>
    keySetOf(JSON.parse(await readFile(path, "utf8")));

export const keysFromUrl =
  (url: string): LoadKeys =>
  async () =>
    keySetOf(await fetchJson(url));

/**
 * By the issuer's own description (OpenID Connect Discovery 1.0, section 4), which is read each time: an issuer may move its keys. A
 * description that names another issuer is not believed (section 4.3), nor one whose keys could be replaced on the way.
 */
export function keysByDiscovery(issuer: string): LoadKeys {
  const description = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  return async () => {
    const { issuer: named, jwks_uri: location } = recordOf(await fetchJson(description));
    if (named !== issuer) throw new Error(`${description} is not of the issuer that is configured`);
    if (typeof location !== "string" || !isTrustedUrl(location))
      throw new Error(`${description} names no jwks_uri to be trusted`);
    return keySetOf(await fetchJson(location));
  };
}

function keySetOf(document: unknown): JSONWebKeySet {
  const { keys } = recordOf(document);
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new Error("not a JSON Web Key Set");
  // What is no key object is passed over (RFC 7517, section 5); jose passes over kinds that it does not know.
  return { keys: keys.filter((key) => typeof key === "object" && key !== null && !Array.isArray(key)) };
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
