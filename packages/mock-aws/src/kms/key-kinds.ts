interface KeyKind {
  readonly usages: readonly string[];
  readonly encryption?: readonly string[];
  readonly signing?: readonly string[];
  readonly mac?: readonly string[];
  readonly agreement?: readonly string[];
}

const RSA: KeyKind = {
  usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  encryption: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
  signing: ["PKCS1_V1_5", "PSS"].flatMap((scheme) =>
    [256, 384, 512].map((size) => `RSASSA_${scheme === "PSS" ? "PSS" : scheme}_SHA_${size}`),
  ),
};

const ecc = (hash: number): KeyKind => ({
  usages: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  signing: [`ECDSA_SHA_${hash}`],
  agreement: ["ECDH"],
});

const hmac = (hash: number): KeyKind => ({ usages: ["GENERATE_VERIFY_MAC"], mac: [`HMAC_SHA_${hash}`] });

/** Key specs, what each may be used for (the first is the default) and the algorithms that DescribeKey lists. */
export const KEY_KINDS = {
  SYMMETRIC_DEFAULT: { usages: ["ENCRYPT_DECRYPT"], encryption: ["SYMMETRIC_DEFAULT"] },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: ecc(256),
  ECC_NIST_P384: ecc(384),
  ECC_NIST_P521: ecc(512),
  ECC_SECG_P256K1: { usages: ["SIGN_VERIFY"], signing: ["ECDSA_SHA_256"] },
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
} as const satisfies Readonly<Record<string, KeyKind>>;

export type KeySpec = keyof typeof KEY_KINDS;

export const KEY_SPECS = Object.keys(KEY_KINDS) as KeySpec[];

export const kindOf = (keySpec: string): KeyKind | undefined =>
  Object.hasOwn(KEY_KINDS, keySpec) ? KEY_KINDS[keySpec as KeySpec] : undefined;
