/** The kinds of customer key that an experiment can ask for, and how AWS is asked for them. */
export const KEY_KINDS = ["symmetric", "multi-region", "rsa", "signing", "hmac"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export const CREATE_KEY: Readonly<Record<KeyKind, Record<string, unknown>>> = {
  symmetric: {},
  "multi-region": { MultiRegion: true },
  rsa: { KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" },
  signing: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  hmac: { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
};
