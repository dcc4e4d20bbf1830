import { createECDH, type KeyObject, randomBytes } from "node:crypto";
import { CURVES } from "../../upstream/embedded/new-material.js";

/**
 * ECDSA over a digest that the caller made (FIPS 186-5, 6.4): node:crypto signs messages only. Multiples of the base point are
 * node:crypto's; the verifier holds the private key d and so needs one multiple, (u1 + u2 d) G. Not constant in time: for tests.
 */
interface Curve {
  readonly name: string;
  readonly order: bigint;
  readonly bytes: number;
}

const ORDERS: Readonly<Record<string, string>> = {
  ECC_NIST_P256: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  ECC_NIST_P384: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ECC_NIST_P521:
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
  ECC_SECG_P256K1: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
};

function curveOf(spec: string): Curve {
  const [name, order] = [CURVES[spec], ORDERS[spec]];
  if (name === undefined || order === undefined) throw new Error(`there is no curve ${spec}`);
  return { name, order: BigInt(`0x${order}`), bytes: order.length / 2 };
}

/** DER, as AWS answers it. */
export function signDigest(privateKey: KeyObject, spec: string, digest: Buffer): Buffer {
  const curve = curveOf(spec);
  const { order } = curve;
  const d = scalarOf(privateKey);
  const z = leftmost(digest, order);
  for (;;) {
    const k = (toInteger(randomBytes(curve.bytes + 8)) % (order - 1n)) + 1n;
    const r = multipleX(k, curve) % order;
    const s = (inverse(k, order) * (z + r * d)) % order;
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}

export function verifyDigest(privateKey: KeyObject, spec: string, digest: Buffer, signature: Buffer): boolean {
  const curve = curveOf(spec);
  const { order } = curve;
  const parts = readSignature(signature);
  if (parts === null) return false;
  const [r, s] = parts;
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const w = inverse(s, order);
  const scalar = (leftmost(digest, order) * w + r * w * scalarOf(privateKey)) % order;
  return scalar !== 0n && multipleX(scalar, curve) % order === r;
}

function multipleX(scalar: bigint, { name, bytes }: Curve): bigint {
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(Buffer.from(scalar.toString(16).padStart(bytes * 2, "0"), "hex"));
  const point = ecdh.getPublicKey();
  return toInteger(point.subarray(1, 1 + (point.length - 1) / 2));
}

const scalarOf = (privateKey: KeyObject): bigint =>
  toInteger(Buffer.from(String(privateKey.export({ format: "jwk" }).d), "base64url"));

const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);

/** As many leftmost bits of the digest as the order has. */
function leftmost(digest: Buffer, order: bigint): bigint {
  const excess = digest.length * 8 - order.toString(2).length;
  return excess > 0 ? toInteger(digest) >> BigInt(excess) : toInteger(digest);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const body = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, body.length]), body]);
}

function sequence(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

/** SEQUENCE of two INTEGERs and nothing else; null for other bytes. */
function readSignature(der: Buffer): readonly [bigint, bigint] | null {
  const header = der[1] === 0x81 ? 3 : 2;
  if (der[0] !== 0x30 || der[header - 1] !== der.length - header) return null;
  const first = readInteger(der, header);
  const second = first && readInteger(der, first.end);
  return first && second && second.end === der.length ? [first.value, second.value] : null;
}

function readInteger(der: Buffer, at: number): { readonly value: bigint; readonly end: number } | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || length >= 0x80 || end > der.length) return null;
  return { value: toInteger(der.subarray(at + 2, end)), end };
}
