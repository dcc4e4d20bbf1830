import type { EncryptionContext } from "@ekm/crypto-core";
import { isObjectNamePart } from "../ports/object-name.js";

/** Bytes of plaintext per frame: small frames keep small objects prompt, large ones spare per-frame work. */
export const SMALL_FRAME = 64 * 1024;
export const LARGE_FRAME = 1024 * 1024;
/** Objects of more plaintext than this are sealed in large frames. */
export const LARGE_OBJECT = 8 * 1024 * 1024;

export const frameLengthFor = (plaintextBytes: number): number => (plaintextBytes > LARGE_OBJECT ? LARGE_FRAME : SMALL_FRAME);

/** One try of one backup; all its objects lie under `<accountId>/<backupId>/<attempt>/`. */
export interface Attempt {
  readonly accountId: string;
  readonly backupId: string;
  readonly attempt: string;
}

export const backupPrefix = (of: Pick<Attempt, "accountId" | "backupId">): string => `${of.accountId}/${of.backupId}/`;

/** `<accountId>/<backupId>/<attempt>/<nnnnnn>` */
export const dataObjectName = (of: Attempt, number: number): string =>
  `${backupPrefix(of)}${of.attempt}/${String(number).padStart(6, "0")}`;

/** `<accountId>/<backupId>/<attempt>/manifest` */
export const manifestObjectName = (of: Attempt): string => `${backupPrefix(of)}${of.attempt}/manifest`;

/** The attempt that a manifest of this backup belongs to; null when the name is not one of this backup's manifests. */
export function attemptOfManifest(of: Pick<Attempt, "accountId" | "backupId">, objectName: string): string | null {
  const prefix = backupPrefix(of);
  const [attempt, last, ...more] = objectName.startsWith(prefix) ? objectName.slice(prefix.length).split("/") : [];
  if (attempt === undefined || !isObjectNamePart(attempt) || last !== "manifest" || more.length > 0) return null;
  return attempt;
}

/** Key name of the raw-AES wrap. */
export const keyName = (accountId: string, generation: number): string => `${accountId}/${generation}`;

/**
 * Context of an object's message, in clear in its header, hence without file names. `ekm:object` is `<attempt>/<nnnnnn>` or
 * `<attempt>/manifest`, so that an object of another try, backup, account or generation is refused in its place.
 */
export const objectContext = (
  of: Pick<Attempt, "accountId" | "backupId">,
  objectName: string,
  generation: number,
): EncryptionContext => ({
  "ekm:account": of.accountId,
  "ekm:backup": of.backupId,
  "ekm:object": objectName.slice(backupPrefix(of).length),
  "ekm:generation": String(generation),
});
