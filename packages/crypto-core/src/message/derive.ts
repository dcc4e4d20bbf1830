import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { COMMITMENT_LENGTH, KEY_LENGTH, SUITE_ID } from "./suite.js";

const CONTENT_KEY_INFO = Buffer.concat([Buffer.from([SUITE_ID >> 8, SUITE_ID & 0xff]), Buffer.from("DERIVEKEY")]);
const COMMITMENT_INFO = Buffer.from("COMMITKEY");

export interface DerivedKeys {
  readonly contentKey: KeyObject;
  /** Stored in the header: binds the message to one data key, where GCM alone does not. */
  readonly commitment: Buffer;
}

/** HKDF-SHA512 with the message id as salt. A fresh message id gives a fresh content key, so frame IVs may count from 1. */
export function deriveKeys(dataKey: Uint8Array, messageId: Uint8Array): DerivedKeys {
  const content = Buffer.from(hkdfSync("sha512", dataKey, messageId, CONTENT_KEY_INFO, KEY_LENGTH));
  const contentKey = createSecretKey(content);
  content.fill(0);
  return { contentKey, commitment: Buffer.from(hkdfSync("sha512", dataKey, messageId, COMMITMENT_INFO, COMMITMENT_LENGTH)) };
}
