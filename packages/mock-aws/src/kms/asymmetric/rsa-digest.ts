import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** RSA signatures over a digest that the caller made (RFC 8017): node:crypto signs messages only. */
type Hash = "sha256" | "sha384" | "sha512";

/** DER of DigestInfo up to the digest. */
const DIGEST_INFO: Readonly<Record<Hash, string>> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

export function signPkcs1(privateKey: KeyObject, hash: Hash, digest: Buffer): Buffer {
  const info = Buffer.concat([Buffer.from(DIGEST_INFO[hash], "hex"), digest]);
  return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, info);
}

export function verifyPkcs1(privateKey: KeyObject, hash: Hash, digest: Buffer, signature: Buffer): boolean {
  const info = Buffer.concat([Buffer.from(DIGEST_INFO[hash], "hex"), digest]);
  try {
    const opened = publicDecrypt({ key: createPublicKey(privateKey), padding: constants.RSA_PKCS1_PADDING }, signature);
    return opened.equals(info);
  } catch {
    return false;
  }
}

/** EMSA-PSS with a salt as long as the digest, as AWS has it. */
export function signPss(privateKey: KeyObject, hash: Hash, digest: Buffer): Buffer {
  const salt = randomBytes(digest.length);
  const length = modulusBytes(privateKey);
  const h = pssHash(hash, digest, salt);
  const db = Buffer.concat([Buffer.alloc(length - salt.length - h.length - 2), Buffer.from([1]), salt]);
  const masked = xor(db, mgf1(hash, h, db.length));
  masked.writeUInt8((masked[0] ?? 0) & 0x7f, 0);
  const encoded = Buffer.concat([masked, h, Buffer.from([0xbc])]);
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

export function verifyPss(privateKey: KeyObject, hash: Hash, digest: Buffer, signature: Buffer): boolean {
  const encoded = open(privateKey, signature);
  if (encoded === null || encoded.at(-1) !== 0xbc || (encoded[0] ?? 0) > 0x7f) return false;
  const h = encoded.subarray(encoded.length - 1 - digest.length, -1);
  const db = xor(encoded.subarray(0, encoded.length - 1 - digest.length), mgf1(hash, h, encoded.length - 1 - digest.length));
  db.writeUInt8((db[0] ?? 0) & 0x7f, 0);
  const saltAt = db.length - digest.length;
  const padded = db.subarray(0, saltAt - 1).every((byte) => byte === 0) && db[saltAt - 1] === 1;
  return padded && timingSafeEqual(pssHash(hash, digest, db.subarray(saltAt)), h);
}

function open(privateKey: KeyObject, signature: Buffer): Buffer | null {
  try {
    return publicDecrypt({ key: createPublicKey(privateKey), padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return null;
  }
}

const modulusBytes = (key: KeyObject): number => (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;

const pssHash = (hash: Hash, digest: Buffer, salt: Buffer): Buffer =>
  createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();

function mgf1(hash: Hash, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, made = 0; made < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const block = createHash(hash).update(seed).update(number).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
