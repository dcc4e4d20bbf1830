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
    const body = Object.keys(output).length === 0 ? "" : JSON.stringify(output, bytesAsBase64);
    return { status: 200, headers: headersFor(requestId), body: Buffer.from(body) };
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

/** Buffer's own toJSON has run before a replacer sees the value, so the holder is asked. */
function bytesAsBase64(this: unknown, name: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[name];
  return Buffer.isBuffer(original) ? original.toString("base64") : value;
}
