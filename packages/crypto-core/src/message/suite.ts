/**
 * The one algorithm suite of this format: AES-256-GCM, HKDF-SHA512, key commitment, no signature.
 * AWS Encryption SDK Developer Guide, "Algorithms reference" and "Message format reference" (version 2).
 */
export const MESSAGE_VERSION = 2;
export const SUITE_ID = 0x0478;
/** The SDK's default: the same with an ECDSA signature, which adds a key to the context and verifies only at the end. */
export const SIGNED_SUITE_ID = 0x0578;

export const CIPHER = "aes-256-gcm";
export const KEY_LENGTH = 32;
export const IV_LENGTH = 12;
export const TAG_LENGTH = 16;
export const MESSAGE_ID_LENGTH = 32;
export const COMMITMENT_LENGTH = 32;
export const CONTENT_TYPE_FRAMED = 2;

export const UINT16_MAX = 0xffff;
export const UINT32_MAX = 0xffff_ffff;

/**
 * Cipher calls take and give at most this much at once. Larger outputs would leave the C allocator's heap and cost a page
 * fault per page; smaller ones cost calls.
 */
export const PIECE_LENGTH = 128 * 1024;
