import { createHash, type KeyObject } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import type { KeyRecord } from "../../keys/key.js";
import { signDigest, verifyDigest } from "./ecdsa-digest.js";
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from "./rsa-digest.js";

/** What is signed: the message, or a digest that the caller made. */
export interface Signed {
  readonly algorithm: string;
  readonly message: Buffer;
  readonly isDigest: boolean;
}

function hashOf(algorithm: string): "sha256" | "sha384" | "sha512" {
  if (algorithm.endsWith("_256")) return "sha256";
  return algorithm.endsWith("_384") ? "sha384" : "sha512";
}

/** The digest, or AWS's refusal of one that the algorithm cannot have made. */
export function digestOf({ algorithm, message, isDigest }: Signed): Buffer | AwsFault {
  const hash = hashOf(algorithm);
  if (!isDigest) return createHash(hash).update(message).digest();
  if (message.length === Number(hash.slice(3)) / 8) return message;
  return new AwsFault("ValidationException", `Digest is invalid length for algorithm ${algorithm}.`);
}

export function signWith(privateKey: KeyObject, { keySpec }: KeyRecord, algorithm: string, digest: Buffer): Buffer {
  if (algorithm.startsWith("ECDSA_")) return signDigest(privateKey, keySpec, digest);
  return (algorithm.startsWith("RSASSA_PSS_") ? signPss : signPkcs1)(privateKey, hashOf(algorithm), digest);
}

export function verifyWith(
  privateKey: KeyObject,
  { keySpec }: KeyRecord,
  algorithm: string,
  digest: Buffer,
  signature: Buffer,
): boolean {
  if (algorithm.startsWith("ECDSA_")) return verifyDigest(privateKey, keySpec, digest, signature);
  return (algorithm.startsWith("RSASSA_PSS_") ? verifyPss : verifyPkcs1)(privateKey, hashOf(algorithm), digest, signature);
}
