/** What webhooks need of an installation. */
export interface WebhookMeans {
  readonly sealer: SecretSealer;
  /** Development: plain HTTP, and addresses of this machine and its networks, too. */
  readonly allowInsecure: boolean;
}

/** Encrypts small secrets that have to be read again, under a key that is not in the database. */
export interface SecretSealer {
  /** base64. `owner` is needed again to open it. */
  seal(secret: Uint8Array, owner: string): string;
  /** Null: another key, another owner, or changed. */
  open(sealed: string, owner: string): Uint8Array | null;
}

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** error: a sentence for people. stopped: the signal aborted; it may or may not have arrived. */
export type SendResult =
  | { readonly kind: "answered"; readonly statusCode: number; readonly retryAfterMs?: number }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "stopped" };

/**
 * Posts one message, in bounded time. Follows no redirect, reads no answer beyond its status, and connects to no address but those
 * it has checked. Never rejects.
 */
export interface WebhookSender {
  send(request: WebhookRequest, signal: AbortSignal): Promise<SendResult>;
}
