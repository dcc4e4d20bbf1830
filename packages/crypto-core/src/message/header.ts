import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { MessageError } from "./api.js";
import type { ByteReader } from "./byte-reader.js";
import type { EncryptedDataKey } from "./raw-aes-wrap.js";
import * as suite from "./suite.js";

/** Bounds of our own, far above what a raw-AES wrap needs, so that no length in a header makes the reader gather much. */
const MAX_PROVIDER_ID_LENGTH = 128;
const MAX_PROVIDER_INFO_LENGTH = 1024;
const MAX_WRAPPED_KEY_LENGTH = 1024;

const HEADER_IV = Buffer.alloc(suite.IV_LENGTH);

export interface Header {
  readonly messageId: Uint8Array;
  /** As serialised, without its length. */
  readonly context: Uint8Array;
  readonly wrap: EncryptedDataKey;
  readonly frameLength: number;
  readonly commitment: Uint8Array;
}

export interface ReceivedHeader extends Header {
  /** The bytes that the tag authenticates. */
  readonly body: Uint8Array;
  readonly tag: Uint8Array;
}

/** The header body: version, suite, message id, context, one encrypted data key, content type, frame length, commitment. */
export function encodeHeader(header: Header): Buffer {
  return Buffer.concat([
    Buffer.from([suite.MESSAGE_VERSION]),
    uint16(suite.SUITE_ID),
    header.messageId,
    ...withLength(header.context),
    uint16(1),
    ...withLength(header.wrap.providerId),
    ...withLength(header.wrap.providerInfo),
    ...withLength(header.wrap.ciphertext),
    Buffer.from([suite.CONTENT_TYPE_FRAMED]),
    uint32(header.frameLength),
    header.commitment,
  ]);
}

/** Nothing of the answer is authenticated yet. Throws MessageError as soon as a field is not one that we read. */
export async function readHeader(reader: ByteReader, maxFrameLength: number): Promise<ReceivedHeader> {
  const parts: Buffer[] = [];
  const take = async (length: number): Promise<Buffer> => {
    const part = Buffer.from(await reader.read(length));
    parts.push(part);
    return part;
  };
  const takeField = async (what: string, maxLength: number): Promise<Buffer> => {
    const length = (await take(2)).readUInt16BE();
    if (length > maxLength) throw new MessageError("LIMIT_EXCEEDED", `${what}: more than ${maxLength} bytes`);
    return take(length);
  };

  requireVersion((await take(1)).readUInt8());
  requireSuite((await take(2)).readUInt16BE());
  const messageId = await take(suite.MESSAGE_ID_LENGTH);
  const context = await takeField("encryption context", suite.UINT16_MAX);
  requireOneWrap((await take(2)).readUInt16BE());
  const wrap: EncryptedDataKey = {
    providerId: await takeField("provider id", MAX_PROVIDER_ID_LENGTH),
    providerInfo: await takeField("provider information", MAX_PROVIDER_INFO_LENGTH),
    ciphertext: await takeField("encrypted data key", MAX_WRAPPED_KEY_LENGTH),
  };
  if ((await take(1)).readUInt8() !== suite.CONTENT_TYPE_FRAMED) throw new MessageError("MALFORMED", "the content is not framed");
  const frameLength = (await take(4)).readUInt32BE();
  if (frameLength === 0) throw new MessageError("MALFORMED", "the frame length is zero");
  if (frameLength > maxFrameLength) throw new MessageError("FRAME_TOO_LONG", `frames of more than ${maxFrameLength} bytes`);
  const commitment = await take(suite.COMMITMENT_LENGTH);
  const body = Buffer.concat(parts);
  const tag = Buffer.from(await reader.read(suite.TAG_LENGTH));
  return { messageId, context, wrap, frameLength, commitment, body, tag };
}

/** The IV is zero: frames count from 1, so no IV is used twice under a content key. */
export function headerTag(contentKey: KeyObject, body: Uint8Array): Buffer {
  const cipher = createCipheriv(suite.CIPHER, contentKey, HEADER_IV, { authTagLength: suite.TAG_LENGTH }).setAAD(body);
  cipher.final();
  return cipher.getAuthTag();
}

/** MessageError(AUTHENTICATION_FAILED) when a bit of the header was changed. */
export function verifyHeader(contentKey: KeyObject, { body, tag }: ReceivedHeader): void {
  const decipher = createDecipheriv(suite.CIPHER, contentKey, HEADER_IV, { authTagLength: suite.TAG_LENGTH });
  decipher.setAAD(body).setAuthTag(tag);
  try {
    decipher.final();
  } catch {
    throw new MessageError("AUTHENTICATION_FAILED", "the header was changed");
  }
}

function requireVersion(version: number): void {
  if (version === suite.MESSAGE_VERSION) return;
  if (version === 1) throw new MessageError("SUITE_REFUSED", "message format version 1 has no key commitment");
  throw new MessageError("MALFORMED", "this is not an Encryption SDK message");
}

function requireSuite(id: number): void {
  if (id === suite.SUITE_ID) return;
  if (id === suite.SIGNED_SUITE_ID) throw new MessageError("SIGNED_SUITE_REFUSED", "the signed suite 0x0578 is not read here");
  throw new MessageError("SUITE_REFUSED", `algorithm suite 0x${id.toString(16).padStart(4, "0")} is not read here`);
}

function requireOneWrap(count: number): void {
  if (count === 1) return;
  if (count === 0) throw new MessageError("MALFORMED", "the message has no encrypted data key");
  throw new MessageError("WRAP_UNKNOWN", "the message has more than one encrypted data key");
}

function withLength(field: Uint8Array): [Buffer, Uint8Array] {
  return [uint16(field.length), field];
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
