import { timingSafeEqual } from "node:crypto";
import { AwsFault } from "../aws-fault.js";
import { type Authorization, parseAuthorization } from "./authorization-header.js";
import { canonicalRequest, type SignableRequest, stringToSign } from "./canonical-request.js";
import { timestampOf } from "./sign.js";
import { deriveSigningKey, type SigningKey, scopeText, signatureOf } from "./signing-key.js";

export interface Verified {
  readonly accessKeyId: string;
  readonly region: string;
}

export interface Credentials {
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly session: { readonly token: string; readonly expired: boolean } | null;
}

export interface VerifyOptions {
  /** The service that the request is for: its credential scope must name it. */
  readonly service: string;
  /** What goes with an access key; undefined for a key that does not exist. */
  credentialsOf(accessKeyId: string): Credentials | undefined;
  readonly now: Date;
}

const MAX_SKEW_MS = 5 * 60 * 1000;
const MAX_CACHED = 1000;
const SIGNATURE = "Signature=";

const invalid = (message: string): AwsFault => new AwsFault("InvalidSignatureException", message);

/** Checks Signature Version 4 as KMS does: credentials, scope, date within 5 minutes, then the signature itself. */
export class SignatureVerifier {
  readonly #signingKeys = new Map<string, SigningKey>();
  readonly #headers = new Map<string, Authorization>();

  verify(request: SignableRequest, options: VerifyOptions): Verified | AwsFault {
    const header = request.headers["authorization"];
    if (!header) return new AwsFault("MissingAuthenticationTokenException", "Request is missing Authentication Token");
    const authorization = this.#authorizationIn(header);
    if (authorization instanceof AwsFault) return authorization;
    const credentials = options.credentialsOf(authorization.accessKeyId);
    const token = request.headers["x-amz-security-token"];
    if (credentials === undefined || token !== credentials.session?.token) return unrecognizedClient();
    return (
      scopeFault(authorization, options.service) ??
      signedHeadersFault(authorization, request) ??
      dateFault(authorization, request, options.now) ??
      this.#signatureFault(authorization, request, credentials.secretAccessKey) ??
      expiryFault(credentials) ?? {
        accessKeyId: authorization.accessKeyId,
        region: authorization.scope.region,
      }
    );
  }

  /** A client repeats all of the header but the signature at its end: what stands before that is read once. */
  #authorizationIn(header: string): Authorization | AwsFault {
    const end = header.lastIndexOf(SIGNATURE) + SIGNATURE.length;
    const [before, signature] = [header.slice(0, end), header.slice(end)];
    const known = this.#headers.get(before);
    if (known !== undefined && !signature.includes(",")) {
      const { accessKeyId, scope, signedHeaders } = known;
      return { accessKeyId, scope, signedHeaders, signature };
    }
    const authorization = parseAuthorization(header);
    if (authorization instanceof AwsFault || authorization.signature !== signature) return authorization;
    remember(this.#headers, before, authorization);
    return authorization;
  }

  #signatureFault(authorization: Authorization, request: SignableRequest, secret: string): AwsFault | null {
    const timestamp = request.headers["x-amz-date"] ?? "";
    const scope = scopeText(authorization.scope);
    const toSign = stringToSign(timestamp, scope, canonicalRequest(request, authorization.signedHeaders));
    const expected = signatureOf(this.#signingKey(secret, scope, authorization), toSign);
    const actual = Buffer.from(authorization.signature, "hex");
    if (actual.length === expected.length && timingSafeEqual(actual, expected)) return null;
    return invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key " +
        "and signing method. Consult the service documentation for details.",
    );
  }

  #signingKey(secret: string, text: string, { scope }: Authorization): SigningKey {
    const name = `${secret}/${text}`;
    const cached = this.#signingKeys.get(name);
    if (cached) return cached;
    return remember(this.#signingKeys, name, deriveSigningKey(secret, scope));
  }
}

function remember<T>(known: Map<string, T>, name: string, value: T): T {
  if (known.size >= MAX_CACHED) known.clear();
  known.set(name, value);
  return value;
}

const expiryFault = ({ session }: Credentials): AwsFault | null =>
  session?.expired === true
    ? new AwsFault("ExpiredTokenException", "The security token included in the request is expired")
    : null;

export const unrecognizedClient = (): AwsFault =>
  new AwsFault("UnrecognizedClientException", "The security token included in the request is invalid.");

function scopeFault({ scope }: Authorization, service: string): AwsFault | null {
  if (scope.service !== service) return invalid(`Credential should be scoped to correct service: '${service}'.`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(scope.region)) {
    return invalid(`Credential should be scoped to a valid region, not '${scope.region.slice(0, 64)}'.`);
  }
  return null;
}

function signedHeadersFault({ signedHeaders }: Authorization, request: SignableRequest): AwsFault | null {
  if (!signedHeaders.includes("host")) return invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  const unsigned = ["x-amz-date", "x-amz-target"].find(
    (name) => request.headers[name] !== undefined && !signedHeaders.includes(name),
  );
  return unsigned === undefined ? null : invalid(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
}

function dateFault({ scope }: Authorization, request: SignableRequest, now: Date): AwsFault | null {
  const timestamp = request.headers["x-amz-date"];
  if (timestamp === undefined || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    return new AwsFault("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.");
  }
  if (!timestamp.startsWith(scope.date)) {
    return invalid(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${timestamp}'.`);
  }
  const signedAt = momentOf(timestamp);
  const limit = (skew: number): string => timestampOf(new Date(now.getTime() + skew));
  if (signedAt < now.getTime() - MAX_SKEW_MS) {
    return invalid(`Signature expired: ${timestamp} is now earlier than ${limit(-MAX_SKEW_MS)} (${limit(0)} - 5 min.)`);
  }
  if (signedAt > now.getTime() + MAX_SKEW_MS) {
    return invalid(`Signature not yet current: ${timestamp} is still later than ${limit(MAX_SKEW_MS)} (${limit(0)} + 5 min.)`);
  }
  return null;
}

/** Of `YYYYMMDDTHHMMSSZ`; a day or an hour too many counts on. */
function momentOf(timestamp: string): number {
  const part = (from: number, length = 2): number => Number(timestamp.slice(from, from + length));
  return Date.UTC(part(0, 4), part(4) - 1, part(6), part(9), part(11), part(13));
}
