import { bytes, listOf, type Member, oneOf, text } from "./input.js";
import { KEY_USAGES } from "./key-kinds.js";

export const keyId = text(1, 2048);
export const ciphertextBlob = bytes(1, 6144);
export const encryptionAlgorithm = oneOf(["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
export const keyUsage = oneOf(KEY_USAGES);
export const grantTokens = listOf(text(1, 8192), 0, 10);
export const marker = text(1, 1024, "[\\u0020-\\u00FF]*");
/** An alias's name, with its prefix. */
export const aliasName = text(1, 256, "^[a-zA-Z0-9:/_-]+$");
export const policyText = text(1, 131_072);
/** Of a Nitro Enclave, for which AWS leaves the plaintext out of the answer. Refused: to overlook it would give that plaintext away. */
export const recipient: Member<never> = { read: () => ({ constraint: "This simulator has no Nitro Enclaves" }) };
/** The only name a key policy has. */
export const POLICY_NAME = "default";
