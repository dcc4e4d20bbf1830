/** A customer's side of AWS: a new account of the simulated AWS, and a key in it, made by a signed call as anybody's. */
import { createHash, createHmac } from "node:crypto";

const REGION = "us-east-1";
const JSON_1_1 = "application/x-amz-json-1.1";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

interface Owner {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Answers its ARN. `policyFor` writes the key policy, given the id of the account that owns the key. */
export async function createCustomerKey(aws: string, policyFor: (ownerId: string) => string): Promise<string> {
  const made = await fetch(new URL("/_simulator/accounts", aws), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "console-customer" }),
  });
  const owner = (await made.json()) as Owner;
  const { KeyMetadata } = (await kms(aws, owner, "CreateKey", { Policy: policyFor(owner.id) })) as {
    KeyMetadata: { Arn: string };
  };
  return KeyMetadata.Arn;
}

/** Signature Version 4 over host, date, target and content type. */
async function kms(aws: string, { accessKeyId, secretAccessKey }: Owner, operation: string, input: object): Promise<object> {
  const url = new URL("/", aws);
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const headers = {
    "content-type": JSON_1_1,
    host: url.host,
    "x-amz-date": time,
    "x-amz-target": `TrentService.${operation}`,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const scope = `${date}/${REGION}/kms/aws4_request`;
  const request = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = [REGION, "kms", "aws4_request"].reduce<Buffer>(
    (last, part) => hmac(last, part),
    hmac(`AWS4${secretAccessKey}`, date),
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const answer = await fetch(url, { method: "POST", headers: { ...headers, authorization }, body });
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as object;
}
