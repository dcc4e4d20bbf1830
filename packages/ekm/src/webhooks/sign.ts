import { createHmac } from "node:crypto";

export interface Message {
  /** Without a full stop. */
  readonly id: string;
  /** Of this attempt. */
  readonly at: Date;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, one signature for each secret, so that a receiver
 * that knows any of them can verify.
 */
export function signedHeaders({ id, at, body }: Message, secrets: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const timestamp = Math.floor(at.getTime() / 1000);
  const sign = (secret: Uint8Array) => createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`, "utf8").digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": secrets.map((secret) => `v1,${sign(secret)}`).join(" "),
  };
}
