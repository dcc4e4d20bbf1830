import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { AccountKey } from "../key-material/account-key.js";
import { MessageError } from "./api.js";
import { CIPHER, IV_LENGTH, KEY_LENGTH, TAG_LENGTH } from "./suite.js";

/** Key namespace of the raw-AES wrap, the `provider id` of the encrypted data key. */
export const KEY_NAMESPACE = "ekm";

const WRAPPED_LENGTH = KEY_LENGTH + TAG_LENGTH;
const PARAMETERS_LENGTH = 4 + 4 + IV_LENGTH;
/** Our own bound: names are `<accountId>/<generation>`. */
const MAX_KEY_NAME_LENGTH = 1024 - PARAMETERS_LENGTH;

/** An entry of a header's list, as it stands there. */
export interface EncryptedDataKey {
  readonly providerId: Uint8Array;
  /** Key name, tag length in bits (u32), IV length (u32), IV. */
  readonly providerInfo: Uint8Array;
  /** The encrypted key and its tag. */
  readonly ciphertext: Uint8Array;
}

/**
 * Wraps a data key with AES-256-GCM under the account key, IV random: whoever calls counts wraps per generation.
 * `context` is the serialised encryption context (AAD).
 */
export function wrapDataKey(accountKey: AccountKey, keyName: string, context: Uint8Array, dataKey: Uint8Array): EncryptedDataKey {
  const iv = randomBytes(IV_LENGTH);
  const ciphertext = accountKey.use((key) => {
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_LENGTH }).setAAD(context);
    return Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  });
  const parameters = Buffer.alloc(PARAMETERS_LENGTH);
  parameters.writeUInt32BE(TAG_LENGTH * 8, 0);
  parameters.writeUInt32BE(IV_LENGTH, 4);
  iv.copy(parameters, 8);
  return {
    providerId: Buffer.from(KEY_NAMESPACE),
    providerInfo: Buffer.concat([encodeKeyName(keyName), parameters]),
    ciphertext,
  };
}

/**
 * MessageError(WRAP_UNKNOWN) unless the wrap is ours and carries exactly `keyName` (not one that merely begins like it),
 * MALFORMED when its lengths are not those of the wrap.
 */
export function requireWrapOf(wrap: EncryptedDataKey, keyName: string): void {
  const name = encodeKeyName(keyName);
  const info = Buffer.from(wrap.providerInfo);
  const known =
    Buffer.from(KEY_NAMESPACE).equals(wrap.providerId) &&
    info.length === name.length + PARAMETERS_LENGTH &&
    info.subarray(0, name.length).equals(name);
  if (!known) throw new MessageError("WRAP_UNKNOWN", "the data key is not wrapped under the key that was asked for");
  const sound =
    info.readUInt32BE(name.length) === TAG_LENGTH * 8 &&
    info.readUInt32BE(name.length + 4) === IV_LENGTH &&
    wrap.ciphertext.length === WRAPPED_LENGTH;
  if (!sound) throw new MessageError("MALFORMED", "the encrypted data key has other lengths than a raw-AES wrap");
}

/** For a wrap that passed `requireWrapOf`. The caller overwrites what it gets. MessageError(AUTHENTICATION_FAILED). */
export function unwrapDataKey(accountKey: AccountKey, context: Uint8Array, wrap: EncryptedDataKey): Buffer {
  const iv = wrap.providerInfo.subarray(-IV_LENGTH);
  return accountKey.use((key) => {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_LENGTH })
      .setAAD(context)
      .setAuthTag(wrap.ciphertext.subarray(KEY_LENGTH));
    const dataKey = decipher.update(wrap.ciphertext.subarray(0, KEY_LENGTH));
    try {
      decipher.final();
    } catch {
      dataKey.fill(0);
      throw new MessageError("AUTHENTICATION_FAILED", "the data key cannot be unwrapped with this account key and context");
    }
    return dataKey;
  });
}

function encodeKeyName(keyName: string): Buffer {
  const name = Buffer.from(keyName, "utf8");
  if (name.length === 0 || name.length > MAX_KEY_NAME_LENGTH) {
    throw new RangeError(`a key name has 1 to ${MAX_KEY_NAME_LENGTH} bytes`);
  }
  return name;
}
