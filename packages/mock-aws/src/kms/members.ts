import { bytes, oneOf, text } from "./input.js";

export const keyId = text(1, 2048);
export const ciphertextBlob = bytes(1, 6144);
export const encryptionAlgorithm = oneOf(["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
/** The only name a key policy has. */
export const POLICY_NAME = "default";
