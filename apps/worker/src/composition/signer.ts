import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ed25519Signer, type Signer } from "@ekm/ekm";
import { EnvironmentError } from "../environment.js";

/** The signer over the key in this file. EnvironmentError, which says nothing of the file's content, when there is no such key in it. */
export async function readSigner(file: string): Promise<Signer> {
  try {
    return ed25519Signer(createPrivateKey(await readFile(file)));
  } catch {
    throw new EnvironmentError(`EKM_SIGNING_KEY: ${file} is not a readable PEM file with an Ed25519 private key.`);
  }
}
