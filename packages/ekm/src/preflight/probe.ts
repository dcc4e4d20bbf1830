import { timingSafeEqual } from "node:crypto";
import { ERROR_CATALOG } from "../errors/catalog.js";
import type { KeyArn } from "../identifiers/parse-key-arn.js";
import type { EncryptionContext } from "../keys/generation.js";
import type { KeyService, KmsFailure } from "../ports/key-service.js";
import type { Report } from "./report.js";

/** What every group of checks works with. */
export interface Probe {
  readonly keyService: KeyService;
  readonly key: KeyArn;
  /** Whose key this is to be: every call is made on its behalf, whatever the context. */
  readonly accountId: string;
  /** The account's own context. */
  readonly context: EncryptionContext;
  readonly report: Report;
}

/** Null when the key opens `ciphertext` to exactly `expected`; otherwise what went wrong. */
export async function opensTo(
  { keyService, key, context }: Probe,
  ciphertext: Uint8Array,
  expected: Uint8Array,
): Promise<Pick<KmsFailure, "code" | "message"> | null> {
  const opened = await keyService.decrypt(key.arn, ciphertext, context);
  if (!opened.ok) return opened.error;
  const { plaintext } = opened.value;
  const same = plaintext.length === expected.length && timingSafeEqual(plaintext, expected);
  plaintext.fill(0);
  return same ? null : { code: "KMS_ANSWER_INVALID", message: ERROR_CATALOG.KMS_ANSWER_INVALID.meaning };
}
