import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Files of the key that signs retirement certificates. */
export interface SigningKey {
  /** An Ed25519 PKCS#8 PEM private key, mode 0600. */
  readonly privateKeyFile: string;
  /** A JWKS with its public key. */
  readonly publicKeysFile: string;
}

/** The key kept in `directory`; made when there is none. */
export async function openSigningKey(directory: string): Promise<SigningKey> {
  await mkdir(directory, { recursive: true });
  const privateKeyFile = join(directory, "signing-key.pem");
  const publicKeysFile = join(directory, "signing-keys.json");
  const pem = await readFile(privateKeyFile, "utf8").catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    const made = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(privateKeyFile, made, { mode: 0o600, flag: "wx" });
    return made;
  });
  const { kty, crv, x } = createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });
  await writeFile(publicKeysFile, `${JSON.stringify({ keys: [{ kty, crv, x }] }, null, 2)}\n`);
  return { privateKeyFile, publicKeysFile };
}
