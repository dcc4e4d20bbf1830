import { AwsFault } from "../aws-fault.js";
import type { Wire } from "./wire.js";

const TARGET = /^TrentService\.([A-Za-z]{1,64})$/;

/** AWS JSON 1.1, as KMS speaks it. Bytes in an output are written as base64. */
export const awsJson: Wire = {
  service: "kms",
  operationOf: (headers) => TARGET.exec(headers["x-amz-target"] ?? "")?.[1] ?? null,
  read(body) {
    try {
      const value: unknown = JSON.parse(body.toString("utf8"));
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Falls through to the one answer for whatever is not a JSON object.
    }
    return new AwsFault("SerializationException");
  },
  answer(_operation, output, requestId) {
    return { status: 200, headers: headersFor(requestId), body: Buffer.from(written(output)) };
  },
  fault(fault, requestId) {
    const body = fault.message === null ? { __type: fault.code } : { __type: fault.code, message: fault.message };
    return { status: fault.status, headers: headersFor(requestId), body: Buffer.from(JSON.stringify(body)) };
  },
};

const headersFor = (requestId: string): Record<string, string> => ({
  "content-type": "application/x-amz-json-1.1",
  "cache-control": "no-cache, no-store, must-revalidate, private",
  "x-amzn-requestid": requestId,
});

/**
 * Nothing for an answer without members. Bytes stand at its top, nowhere else: a replacer for all of it would cost more than the
 * operation.
 */
function written(output: Readonly<Record<string, unknown>>): string {
  let members = "";
  for (const name of Object.keys(output)) {
    const value = output[name];
    if (value === undefined) continue;
    const text = Buffer.isBuffer(value) ? `"${value.toString("base64")}"` : JSON.stringify(value);
    members += `${members === "" ? "" : ","}"${name}":${text}`;
  }
  return members === "" ? "" : `{${members}}`;
}
