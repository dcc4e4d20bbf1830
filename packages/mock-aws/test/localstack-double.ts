import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onEnd } from "./harness.js";

interface DoubleKey {
  readonly metadata: Record<string, unknown>;
  readonly material: Buffer;
}

class Refusal extends Error {
  constructor(
    readonly type: string,
    message = "",
    readonly status = 400,
  ) {
    super(message);
  }
}

type Body = Record<string, unknown>;

/**
 * Answers the KMS calls that the LocalStack upstream makes as LocalStack 4.14.0 was seen to, its deviations included: the account is the
 * access key id, nothing is checked, data keys have 32 bytes whatever is asked for, the encryption context is joined without
 * lengths, a missing key is NotFound.
 */
export async function startLocalStackDouble(): Promise<{ url: string; calls: string[] }> {
  const keys = new Map<string, DoubleKey>();
  const calls: string[] = [];

  const keyOf = (owner: string, id: unknown): DoubleKey => {
    const key = keys.get(`${owner}/${String(id)}`);
    if (!key) throw new Refusal("NotFoundException", `Key '${String(id)}' does not exist`);
    return key;
  };
  const usable = (key: DoubleKey): DoubleKey => {
    if (key.metadata["KeyState"] === "Disabled")
      throw new Refusal("DisabledException", `${String(key.metadata["Arn"])} is disabled.`, 409);
    if (key.metadata["KeyState"] === "PendingDeletion") {
      throw new Refusal("KMSInvalidStateException", `${String(key.metadata["Arn"])} is pending deletion.`, 409);
    }
    return key;
  };
  const aad = (context: unknown): Buffer =>
    Buffer.from(
      Object.entries((context ?? {}) as Record<string, string>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => name + value)
        .join(""),
    );
  const seal = (key: DoubleKey, plaintext: Buffer, context: unknown): Body => {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key.material, iv);
    cipher.setAAD(aad(context));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const blob = Buffer.concat([Buffer.from(String(key.metadata["KeyId"])), iv, cipher.getAuthTag(), body]);
    return { CiphertextBlob: blob.toString("base64"), KeyId: key.metadata["Arn"] };
  };
  const open = (key: DoubleKey, blob: Buffer, context: unknown): Body => {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key.material, blob.subarray(36, 48));
      decipher.setAAD(aad(context));
      decipher.setAuthTag(blob.subarray(48, 64));
      return { Plaintext: Buffer.concat([decipher.update(blob.subarray(64)), decipher.final()]).toString("base64") };
    } catch {
      throw new Refusal("InvalidCiphertextException");
    }
  };
  const bytes = (value: unknown): Buffer => Buffer.from(String(value), "base64");

  const operations: Record<string, (owner: string, input: Body) => Body> = {
    CreateKey(owner, input) {
      const [accountId, region] = owner.split("/");
      const [tag] = input["Tags"] as { TagValue: string }[];
      const id = String(tag?.TagValue);
      const metadata = { ...input, KeyId: id, Arn: `arn:aws:kms:${region}:${accountId}:key/${id}`, KeyState: "Enabled" };
      keys.set(`${owner}/${id}`, { metadata, material: randomBytes(32) });
      return { KeyMetadata: metadata };
    },
    DescribeKey: (owner, input) => ({ KeyMetadata: keyOf(owner, input["KeyId"]).metadata }),
    GenerateDataKey(owner, input) {
      const plaintext = randomBytes(32);
      const sealed = seal(usable(keyOf(owner, input["KeyId"])), plaintext, input["EncryptionContext"]);
      return { ...sealed, Plaintext: plaintext.toString("base64") };
    },
    Encrypt: (owner, input) => seal(usable(keyOf(owner, input["KeyId"])), bytes(input["Plaintext"]), input["EncryptionContext"]),
    Decrypt: (owner, input) =>
      open(usable(keyOf(owner, input["KeyId"])), bytes(input["CiphertextBlob"]), input["EncryptionContext"]),
    EnableKey: (owner, input) => setState(owner, input, "Enabled", false),
    DisableKey: (owner, input) => setState(owner, input, "Disabled", false),
    ScheduleKeyDeletion: (owner, input) => setState(owner, input, "PendingDeletion", false),
    CancelKeyDeletion: (owner, input) => setState(owner, input, "Disabled", true),
  };
  const setState = (owner: string, input: Body, state: string, mustBePending: boolean): Body => {
    const { metadata } = keyOf(owner, input["KeyId"]);
    if ((metadata["KeyState"] === "PendingDeletion") !== mustBePending)
      throw new Refusal("KMSInvalidStateException", "wrong state", 409);
    metadata["KeyState"] = state;
    return {};
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const [, account, region] = /Credential=(\d{12})\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
    const operation = String(request.headers["x-amz-target"]).replace("TrentService.", "");
    calls.push(operation);
    try {
      const answer = operations[operation]?.(`${account}/${region}`, JSON.parse(Buffer.concat(chunks).toString()) as Body);
      response.end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify({ __type: error.type, message: error.message }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
