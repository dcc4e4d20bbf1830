/** Signs statements that outlive the process. The key lies outside the database. Throws only when the key is unusable. */
export interface Signer {
  /** Thumbprint of the public key (RFC 7638). */
  readonly keyId: string;
  /** Compact JWS (RFC 7515), EdDSA; `payload` is JSON. */
  sign(payload: Readonly<Record<string, unknown>>): Promise<string>;
}
