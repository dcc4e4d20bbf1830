import type { AwsFault } from "../aws-fault.js";
import type { Wire } from "./wire.js";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS names some faults otherwise than KMS and answers them with 403. */
const STS_FAULTS: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  IncompleteSignatureException: { code: "IncompleteSignature", status: 400 },
  UnknownOperationException: { code: "InvalidAction", status: 400 },
};

/** The Query protocol, as STS speaks it: a form in, XML out. */
export const awsQuery: Wire = {
  service: "sts",
  operationOf(_headers, body) {
    const action = new URLSearchParams(body.toString("utf8")).get("Action");
    return action !== null && /^[A-Za-z]{1,64}$/.test(action) ? action : null;
  },
  read: (body) => Object.fromEntries(new URLSearchParams(body.toString("utf8"))),
  answer(operation, output, requestId) {
    const fields = Object.entries(output).map(([name, value]) => element(name, String(value)));
    const result = `<${operation}Result>${fields.join("")}</${operation}Result>`;
    const metadata = `<ResponseMetadata>${element("RequestId", requestId)}</ResponseMetadata>`;
    const xml = `<${operation}Response xmlns="${NAMESPACE}">${result}${metadata}</${operation}Response>`;
    return { status: 200, headers: headersFor(requestId), body: Buffer.from(xml) };
  },
  fault(fault: AwsFault, requestId) {
    const known = Object.hasOwn(STS_FAULTS, fault.code) ? STS_FAULTS[fault.code] : undefined;
    const { code, status } = known ?? fault;
    const error = `<Error><Type>Sender</Type>${element("Code", code)}${element("Message", fault.message ?? "")}</Error>`;
    const xml = `<ErrorResponse xmlns="${NAMESPACE}">${error}${element("RequestId", requestId)}</ErrorResponse>`;
    return { status, headers: headersFor(requestId), body: Buffer.from(xml) };
  },
};

const headersFor = (requestId: string): Record<string, string> => ({
  "content-type": "text/xml",
  "x-amzn-requestid": requestId,
});

const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
