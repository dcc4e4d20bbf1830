import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../../options.js";

const KeySet = z.object({
  keys: z
    .array(z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }))
    .min(1),
});

/** Public keys by their thumbprint (RFC 7638), which is the `kid` of what they signed. */
export type VerificationKeys = ReadonlyMap<string, KeyObject>;

/** Reads a JWKS (RFC 7517) of Ed25519 public keys. Throws UsageError when it is none, and as the file system does. */
export async function readKeys(file: string): Promise<VerificationKeys> {
  const parsed = KeySet.safeParse(jsonOf(await readFile(file, "utf8")));
  if (!parsed.success) throw new UsageError(`--keys ${file} is not a JWKS of Ed25519 public keys`);
  return new Map(
    parsed.data.keys.map(({ kty, crv, x }) => {
      const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
      return [kid, createPublicKey({ key: { kty, crv, x }, format: "jwk" })];
    }),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
