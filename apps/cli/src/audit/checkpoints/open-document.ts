import { digestOf, verifyJws } from "@ekm/ekm";
import type { VerificationKeys } from "./read-keys.js";

export type Opened<C> =
  | { readonly ok: true; readonly claims: C; readonly digest: string }
  | { readonly ok: false; readonly why: "foreign" | "edited" };

/** What a signed document says. foreign: signed by no key of ours; edited: a key of ours did not sign this, or not as such a document. */
export function openDocument<C>(
  jws: string,
  keys: VerificationKeys,
  as: (payload: Readonly<Record<string, unknown>>) => C | null,
): Opened<C> {
  const key = keys.get(keyIdOf(jws) ?? "");
  if (key === undefined) return { ok: false, why: "foreign" };
  const payload = verifyJws(jws, key);
  const claims = payload && as(payload);
  return claims === null ? { ok: false, why: "edited" } : { ok: true, claims, digest: digestOf(jws) };
}

function keyIdOf(jws: string): string | null {
  try {
    const { kid } = JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString()) as { kid?: unknown };
    return typeof kid === "string" ? kid : null;
  } catch {
    return null;
  }
}

export const SAYS = {
  foreign: "is signed by none of the keys that were given",
  edited: "is not what was signed",
} as const;
