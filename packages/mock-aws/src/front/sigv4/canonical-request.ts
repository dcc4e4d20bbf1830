import { createHash } from "node:crypto";

/** What is signed of a request. `headers`: names in lower case, values as sent. */
export interface SignableRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export const sha256Hex = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

/** AWS "Create a signed AWS API request", step 1; the signer and the verifier share it. */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  let headers = "";
  for (const name of signedHeaders) headers += `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`;
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(";"),
    sha256Hex(request.body),
  ].join("\n");
}

/** Step 2. `timestamp`: `YYYYMMDDTHHMMSSZ`; `scope`: `YYYYMMDD/region/service/aws4_request`. */
export function stringToSign(timestamp: string, scope: string, canonical: string): string {
  return `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256Hex(canonical)}`;
}

function canonicalPath(path: string): string {
  return path === "" || path === "/" ? "/" : path.split("/").map(encode).join("/");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${encode(decode(name))}=${encode(decode(value.join("=")))}`;
    })
    .sort()
    .join("&");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
