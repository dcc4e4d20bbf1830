import { signRequest } from "../front/sigv4/sign.js";
import { httpCall } from "./http.js";

export interface AwsClientOptions {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  readonly region: string;
  /** Default 30,000. */
  readonly timeoutMs?: number;
}

/** The answer as it stands on the wire: bytes are base64, times are seconds since 1970. */
export interface AwsAnswer {
  readonly status: number;
  /** `{}` where AWS answers nothing; `{__type, message?}` for an error. */
  readonly body: Record<string, unknown>;
  /** ISO 8601: when the change that the call made took effect; the simulator alone says so. */
  readonly effectiveAt: string | null;
}

export interface AwsClient {
  /** One call, not retried: `kms("DisableKey", { KeyId })`. An AWS error is an answer; a broken connection rejects. */
  kms(operation: string, body?: Readonly<Record<string, unknown>>): Promise<AwsAnswer>;
}

/** A small client that signs with Signature Version 4, for programs that drive a key owner's side. */
export function createAwsClient(options: AwsClientOptions): AwsClient {
  const url = new URL("/", options.endpoint);
  return {
    async kms(operation, input = {}) {
      const body = JSON.stringify(input);
      const headers = {
        host: url.host,
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `TrentService.${operation}`,
        ...(options.sessionToken === undefined ? {} : { "x-amz-security-token": options.sessionToken }),
      };
      const signed = signRequest({ method: "POST", path: "/", query: "", headers, body }, { ...options, service: "kms" });
      const answer = await httpCall(url, {
        method: "POST",
        headers: signed,
        body,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      });
      const effectiveAt = answer.headers["x-simulator-effective-at"];
      return {
        status: answer.status,
        body: answer.body.length === 0 ? {} : parse(answer.body.toString("utf8"), answer.status),
        effectiveAt: typeof effectiveAt === "string" ? effectiveAt : null,
      };
    },
  };
}

function parse(text: string, status: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through: something on the road answered in the service's place.
  }
  throw new Error(`the answer (status ${status}) is not a JSON object`);
}
