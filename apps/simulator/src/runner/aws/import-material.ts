import { constants, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import type { KeyHandle, World } from "../world.js";
import { effectiveAt } from "./effective-at.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const ALGORITHM = "RSAES_OAEP_SHA_256";

/**
 * Imports key material as a customer does: into a key without any, wrapped under the public key that AWS gives for it. A key gets
 * the same material each time, for AWS takes no other. `expiresInMs`: from now on AWS's clock; absent: it stays.
 * Answers when it took effect, in milliseconds since 1970.
 */
export async function importMaterial(world: World, key: KeyHandle, expiresInMs?: number): Promise<number> {
  const material = world.materials.get(key.arn) ?? randomBytes(32);
  world.materials.set(key.arn, material);
  const { body } = await world.callAws(key.owner, key.region, "GetParametersForImport", {
    KeyId: key.arn,
    WrappingAlgorithm: ALGORITHM,
    WrappingKeySpec: "RSA_2048",
  });
  const publicKey = createPublicKey({ key: Buffer.from(String(body["PublicKey"]), "base64"), format: "der", type: "spki" });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const answer = await world.callAws(key.owner, key.region, "ImportKeyMaterial", {
    KeyId: key.arn,
    ImportToken: body["ImportToken"],
    EncryptedKeyMaterial: publicEncrypt({ key: publicKey, padding, oaepHash: "sha256" }, material).toString("base64"),
    ...(expiresInMs === undefined
      ? { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" }
      : { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: await awsSeconds(world, Math.min(expiresInMs, 364 * DAY_MS)) }),
  });
  return effectiveAt(answer);
}

async function awsSeconds(world: World, fromNowMs: number): Promise<number> {
  const { now } = await world.target.control.clock.get();
  return (Date.parse(now) + fromNowMs) / 1000;
}
