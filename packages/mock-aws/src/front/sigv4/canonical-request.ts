import { hash } from "node:crypto";

/** What is signed of a request. `headers`: names in lower case, values as sent. */
export interface SignableRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export const sha256Hex = (data: Uint8Array | string): string => hash("sha256", data);

/** AWS "Create a signed AWS API request", step 1; the signer and the verifier share it. */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const { method, path, query, body } = request;
  let headers = "";
  for (const name of signedHeaders) headers += `${name}:${canonicalValue(request.headers[name] ?? "")}\n`;
  const names = signedHeaders.join(";");
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${headers}\n${names}\n${sha256Hex(body)}`;
}

/** Most values have no space to fold: looking is cheaper than replacing. */
function canonicalValue(value: string): string {
  return value.includes("  ") || value.includes("\t") ? value.trim().replace(/\s+/g, " ") : value.trim();
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
