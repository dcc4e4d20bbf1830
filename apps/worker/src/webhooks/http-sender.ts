import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { SendResult, WebhookRequest, WebhookSender } from "@ekm/ekm";
import { type Address, checkedAddresses, type Resolve } from "./checked-addresses.js";
import { wordsOf } from "./failure-words.js";

export interface HttpSenderOptions {
  /** For the whole attempt: looking the host up, connecting, sending, and the answer. */
  readonly timeoutMs: number;
  /** Development: plain HTTP and any address. */
  readonly allowInsecure: boolean;
  readonly resolve: Resolve;
}

/** An answer longer than this is cut off: only its status counts. */
const MOST_ANSWER_BYTES = 16 * 1024;
const USER_AGENT = "EKM-Webhooks/1.0 (Standard Webhooks)";

/**
 * HTTP/1.1 over one new connection for each message, to an address that was checked, so that nothing can be made to point elsewhere
 * between the check and the connection. TLS is verified against the name in the URL.
 */
export const createHttpSender = (options: HttpSenderOptions): WebhookSender => ({
  async send(request, stop) {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = AbortSignal.any([stop, timeout]);
    try {
      return await attempt(request, options, signal);
    } catch (error) {
      if (stop.aborted) return { kind: "stopped" };
      return { kind: "failed", error: wordsOf(timeout.aborted ? timeout.reason : error, options.timeoutMs) };
    }
  },
});

async function attempt(
  { url, headers, body }: WebhookRequest,
  { resolve, allowInsecure }: HttpSenderOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  const target = new URL(url);
  const isSecure = target.protocol === "https:";
  if (!isSecure && !allowInsecure)
    return { kind: "failed", error: "Plain HTTP is not allowed here: the URL must begin with https://." };
  const addresses = await untilAborted(
    checkedAddresses(target.hostname, { resolve, allowPrivate: allowInsecure, signal }),
    signal,
  );
  const bytes = Buffer.from(body, "utf8");
  return new Promise<SendResult>((resolveResult, reject) => {
    const request = (isSecure ? https : http).request(target, {
      method: "POST",
      agent: false,
      lookup: lookupOf(addresses),
      headers: {
        ...headers,
        "content-type": "application/json",
        "content-length": bytes.length,
        "user-agent": USER_AGENT,
      },
    });
    const abort = () => request.destroy(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    request.on("close", () => signal.removeEventListener("abort", abort));
    let answer: SendResult | undefined;
    // Once the status has been said, it counts, whether the rest comes or not.
    request.on("error", (error) => (answer === undefined ? reject(error) : resolveResult(answer)));
    request.on("response", (response) => {
      const answered = {
        kind: "answered",
        statusCode: response.statusCode ?? 0,
        ...retryAfterOf(response.headers["retry-after"]),
      } as const;
      answer = answered;
      let received = 0;
      response.on("data", (chunk: Buffer) => {
        received += chunk.length;
        if (received > MOST_ANSWER_BYTES) response.destroy();
      });
      response.on("error", () => {});
      response.on("close", () => resolveResult(answered));
    });
    if (signal.aborted) abort();
    request.end(bytes);
  });
}

/** Answers what was checked, whatever it is asked for. */
const lookupOf =
  (addresses: readonly Address[]): LookupFunction =>
  (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | undefined): { retryAfterMs?: number } {
  if (header === undefined) return {};
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}
