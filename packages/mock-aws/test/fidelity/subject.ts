import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from "node:crypto";
import type { AwsClient } from "../../src/index.js";
import { keyPolicy } from "../harness.js";
import { type Kind, ROWS, type Subject } from "./table.js";

export const OWNER = "111122223333";
export const FOREIGN = "444455556666";

const INPUTS: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  symmetric: {},
  pair: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  hmac: { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
  agreement: { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" },
  imported: { Origin: "EXTERNAL" },
  "multi-Region": { MultiRegion: true },
};

const x = Buffer.from("x").toString("base64");
export const CONTEXT = { tenant: "acme" };
const peer = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({ format: "der", type: "spki" });

/** The other account may do everything, with the context where there is one. */
export function openPolicy(letIn: boolean): string {
  const withContext = ROWS.filter((row) => row.withContext).map((row) => `kms:${row.action ?? row.operation}`);
  const owner = { Principal: { AWS: OWNER } };
  if (!letIn) return keyPolicy(owner);
  const foreign = { Principal: { AWS: FOREIGN } };
  const Condition = { StringEquals: { "kms:EncryptionContext:tenant": CONTEXT.tenant } };
  return keyPolicy(
    owner,
    { ...foreign, Action: undefined, NotAction: withContext },
    { ...foreign, Action: withContext, Condition },
  );
}

/** One call that must succeed. */
async function done(client: AwsClient, operation: string, input: object): Promise<Record<string, unknown>> {
  const { status, body } = await client.kms(operation, { ...input });
  if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(body)}`);
  return body;
}

let made = 0;

/** A symmetric key of the caller's own, to re-encrypt from. */
export async function newSource(caller: AwsClient): Promise<Pick<Subject, "source" | "ciphertextOfSource">> {
  const { Arn } = (await done(caller, "CreateKey", {}))["KeyMetadata"] as { Arn: string };
  const encrypted = await done(caller, "Encrypt", { KeyId: Arn, Plaintext: x, EncryptionContext: CONTEXT });
  return { source: Arn, ciphertextOfSource: String(encrypted["CiphertextBlob"]) };
}

/** Two keys of the kind, Enabled, and all that a row may need of them. */
export async function newSubject(owner: AwsClient, kind: Kind, letIn: boolean): Promise<Subject> {
  const policy = openPolicy(letIn);
  const newKey = async () =>
    ((await done(owner, "CreateKey", { ...INPUTS[kind], Policy: policy }))["KeyMetadata"] as { Arn: string }).Arn;
  const [arn, other] = [await newKey(), await newKey()];
  const alias = `alias/${kind}-${made++}`;
  const aliasOfOther = `${alias}-other`;
  const imported = kind === "imported" ? await importInto(owner, arn) : { importToken: "", wrappedMaterial: "" };
  if (kind === "multi-Region") await done(owner, "ReplicateKey", { KeyId: arn, ReplicaRegion: "eu-west-1" });
  await done(owner, "CreateAlias", { AliasName: alias, TargetKeyId: arn });
  await done(owner, "CreateAlias", { AliasName: aliasOfOther, TargetKeyId: other });
  const grant = { KeyId: arn, GranteePrincipal: `arn:aws:iam::${OWNER}:root`, Operations: ["DescribeKey"] };
  const encrypted = async (KeyId: string) =>
    String((await done(owner, "Encrypt", { KeyId, Plaintext: x, EncryptionContext: CONTEXT }))["CiphertextBlob"]);
  const signing = { KeyId: arn, Message: x, SigningAlgorithm: "ECDSA_SHA_256" };
  const symmetric = kind === "symmetric" || kind === "multi-Region";
  return {
    arn,
    other,
    alias,
    aliasOfOther,
    policy,
    context: CONTEXT,
    grantId: String((await done(owner, "CreateGrant", grant))["GrantId"]),
    ciphertext: symmetric ? await encrypted(arn) : "",
    source: other,
    ciphertextOfSource: symmetric ? await encrypted(other) : "",
    sourceContext: CONTEXT,
    signature: kind === "pair" ? String((await done(owner, "Sign", signing))["Signature"]) : "",
    mac:
      kind === "hmac"
        ? String((await done(owner, "GenerateMac", { KeyId: arn, Message: x, MacAlgorithm: "HMAC_SHA_256" }))["Mac"])
        : "",
    peerPublicKey: peer.toString("base64"),
    ...imported,
  };
}

/** Material for the key, in it and ready to be imported again. */
async function importInto(owner: AwsClient, arn: string): Promise<Pick<Subject, "importToken" | "wrappedMaterial">> {
  const wrapping = { KeyId: arn, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" };
  const { ImportToken, PublicKey } = await done(owner, "GetParametersForImport", wrapping);
  const key = createPublicKey({ key: Buffer.from(String(PublicKey), "base64"), format: "der", type: "spki" });
  const sealed = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, randomBytes(32));
  const material = { importToken: String(ImportToken), wrappedMaterial: sealed.toString("base64") };
  await done(owner, "ImportKeyMaterial", {
    KeyId: arn,
    ImportToken: material.importToken,
    EncryptedKeyMaterial: material.wrappedMaterial,
    ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
  });
  return material;
}
