interface KeyKind {
  readonly usages: readonly string[];
  readonly encryption?: readonly string[];
  readonly signing?: readonly string[];
  readonly mac?: readonly string[];
  readonly agreement?: readonly string[];
}

/** In the order in which AWS lists them where it refuses another. */
export const KEY_USAGES = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"] as const;

const RSA: KeyKind = {
  usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  encryption: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
  signing: ["PKCS1_V1_5", "PSS"].flatMap((scheme) => [256, 384, 512].map((size) => `RSASSA_${scheme}_SHA_${size}`)),
};

const ecc = (hash: number): KeyKind => ({
  usages: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  signing: [`ECDSA_SHA_${hash}`],
  agreement: ["ECDH"],
});

const hmac = (hash: number): KeyKind => ({ usages: ["GENERATE_VERIFY_MAC"], mac: [`HMAC_SHA_${hash}`] });

/** Key specs, what each may be used for and the algorithms that DescribeKey lists; in AWS's order, as above. */
export const KEY_KINDS = {
  RSA_2048: RSA,
  ECC_NIST_P384: ecc(384),
  ECC_NIST_P256: ecc(256),
  ECC_NIST_P521: ecc(512),
  HMAC_384: hmac(384),
  RSA_3072: RSA,
  ECC_SECG_P256K1: { usages: ["SIGN_VERIFY"], signing: ["ECDSA_SHA_256"] },
  RSA_4096: RSA,
  SYMMETRIC_DEFAULT: { usages: ["ENCRYPT_DECRYPT"], encryption: ["SYMMETRIC_DEFAULT"] },
  HMAC_256: hmac(256),
  HMAC_224: hmac(224),
  HMAC_512: hmac(512),
} as const satisfies Readonly<Record<string, KeyKind>>;

export type KeySpec = keyof typeof KEY_KINDS;

export const KEY_SPECS = Object.keys(KEY_KINDS) as KeySpec[];

export const SIGNING_ALGORITHMS = [...(RSA.signing ?? []), "ECDSA_SHA_256", "ECDSA_SHA_384", "ECDSA_SHA_512"];
export const MAC_ALGORITHMS = ["HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512"];

export const kindOf = (keySpec: string): KeyKind | undefined =>
  Object.hasOwn(KEY_KINDS, keySpec) ? KEY_KINDS[keySpec as KeySpec] : undefined;

/** The lists of algorithms that go with a key's usage, under the names that the API has for them. */
export function algorithmsOf({ keySpec, keyUsage }: { readonly keySpec: string; readonly keyUsage: string }) {
  const kind = kindOf(keySpec);
  const algorithms: Record<string, readonly string[]> = {};
  if (keyUsage === "ENCRYPT_DECRYPT" && kind?.encryption) algorithms["EncryptionAlgorithms"] = kind.encryption;
  if (keyUsage === "SIGN_VERIFY" && kind?.signing) algorithms["SigningAlgorithms"] = kind.signing;
  if (keyUsage === "GENERATE_VERIFY_MAC" && kind?.mac) algorithms["MacAlgorithms"] = kind.mac;
  if (keyUsage === "KEY_AGREEMENT" && kind?.agreement) algorithms["KeyAgreementAlgorithms"] = kind.agreement;
  return algorithms;
}
