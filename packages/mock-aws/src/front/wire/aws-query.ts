import type { AwsFault } from "../aws-fault.js";
import type { Wire } from "./wire.js";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** STS names some faults otherwise than KMS and answers them with 403. */
const STS_FAULTS: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  IncompleteSignatureException: { code: "IncompleteSignature", status: 400 },
  ExpiredTokenException: { code: "ExpiredToken", status: 403 },
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  ValidationException: { code: "ValidationError", status: 400 },
  UnknownOperationException: { code: "InvalidAction", status: 400 },
};

/** The Query protocol, as STS speaks it: a form in, XML out. */
export const awsQuery: Wire = {
  service: "sts",
  operationOf(_headers, body) {
    const action = new URLSearchParams(body.toString("utf8")).get("Action");
    return action !== null && /^[A-Za-z]{1,64}$/.test(action) ? action : null;
  },
  read: (body) => readForm(new URLSearchParams(body.toString("utf8"))),
  answer(operation, output, requestId) {
    const result = `<${operation}Result>${elements(output)}</${operation}Result>`;
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

/** `Tags.member.1.Key=..` becomes an entry of the list `Tags`. */
function readForm(form: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const lists = new Map<string, Map<number, Record<string, string>>>();
  for (const [name, value] of form) {
    const [, list, number, field] = /^(\w+)\.member\.(\d{1,3})\.(\w+)$/.exec(name) ?? [];
    if (list === undefined || field === undefined) input[name] = value;
    else {
      const members = lists.get(list) ?? new Map<number, Record<string, string>>();
      members.set(Number(number), { ...members.get(Number(number)), [field]: value });
      lists.set(list, members);
    }
  }
  for (const [list, members] of lists) {
    input[list] = [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
  }
  return input;
}

const headersFor = (requestId: string): Record<string, string> => ({
  "content-type": "text/xml",
  "x-amzn-requestid": requestId,
});

const elements = (output: Readonly<Record<string, unknown>>): string =>
  Object.entries(output)
    .map(([name, value]) =>
      typeof value === "object" && value !== null
        ? `<${name}>${elements(value as Record<string, unknown>)}</${name}>`
        : element(name, String(value)),
    )
    .join("");

const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
