import { httpCall } from "../../client/http.js";
import { AwsFault } from "../../front/aws-fault.js";
import { signRequest } from "../../front/sigv4/sign.js";

const TIMEOUT_MS = 10_000;

/**
 * One KMS call to LocalStack as an account: it takes the account from the access key id and checks no signature. An error
 * that it answers comes back as it is; one that it cannot answer, as KMSInternalException.
 */
export async function callLocalStack(
  endpoint: URL,
  owner: { readonly accountId: string; readonly region: string },
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown> | AwsFault> {
  const body = JSON.stringify(input);
  const headers = {
    host: endpoint.host,
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `TrentService.${operation}`,
  };
  const identity = { accessKeyId: owner.accountId, secretAccessKey: "test", region: owner.region, service: "kms" };
  const signed = signRequest({ method: "POST", path: "/", query: "", headers, body }, identity);
  try {
    const answer = await httpCall(endpoint, { method: "POST", headers: signed, body, timeoutMs: TIMEOUT_MS });
    const text = answer.body.toString("utf8");
    const output = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    return answer.status < 400 ? output : faultOf(answer.status, output);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new AwsFault("KMSInternalException", `LocalStack did not answer: ${reason}`, 500);
  }
}

/** Client faults of KMS are 400 on AWS's wire, whatever the service model that LocalStack follows says. */
function faultOf(status: number, output: Readonly<Record<string, unknown>>): AwsFault {
  const code = String(output["__type"] ?? "KMSInternalException").replace(/^.*#/, "");
  const message = output["message"] ?? output["Message"];
  const silent = code === "InvalidCiphertextException" || typeof message !== "string" || message === "";
  return new AwsFault(code, silent ? null : message, status >= 500 ? status : 400);
}
