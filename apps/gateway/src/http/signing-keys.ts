import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { calculateJwkThumbprint } from "jose";
import { z } from "zod";

const PublicKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes, base64url"),
  d: z.undefined("is a private key: publish its public half only").optional(),
});
const KeySet = z.object({ keys: z.array(PublicKey).min(1).max(100) });

/**
 * The public keys of a JWKS file (RFC 7517), each under its thumbprint (RFC 7638), which is the `kid` of what it signed. Throws when the file
 * cannot be read or holds anything but Ed25519 public keys.
 */
export async function readSigningKeys(path: string) {
  const parsed = KeySet.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new Error(`EKM_SIGNING_PUBLIC_KEYS is not a set of Ed25519 public keys: ${problems.join("; ")}`);
  }
  const keys = parsed.data.keys.map(async ({ kty, crv, x }) => ({
    kty,
    crv,
    x,
    kid: await calculateJwkThumbprint({ kty, crv, x }),
    alg: "EdDSA",
    use: "sig",
  }));
  return { keys: await Promise.all(keys) };
}

/** For whoever checks a retirement certificate. Read at every request, so that a key that is added is published at once. */
export function registerSigningKeys(server: FastifyInstance, path: string): void {
  server.get("/.well-known/ekm-keys.json", async (_request, reply) =>
    reply
      .header("cache-control", "public, max-age=300")
      .header("access-control-allow-origin", "*")
      .send(await readSigningKeys(path)),
  );
}
