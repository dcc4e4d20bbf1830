// AWS's other clients, as their users call them: what they sign and parse, the simulator understands and answers.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { onEnd, parties } from "./harness.js";
import { whenAvailable } from "./outside-world.js";

const bin = path.resolve(import.meta.dirname, "..", "..", "..", ".tools", "aws-clients", "venv", "bin");
const found = (name: string): string | undefined => (existsSync(path.join(bin, name)) ? path.join(bin, name) : undefined);
const run = promisify(execFile);

const BOTO3 = `
import json, os, boto3
from botocore.config import Config
from botocore.exceptions import ClientError
kms = boto3.client("kms", config=Config(retries={"max_attempts": 0}))
sts = boto3.client("sts")
def code(call, **arguments):
    try:
        call(**arguments)
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]
arn = kms.create_key(Description="from boto3", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["Arn"]
kms.create_alias(AliasName="alias/boto3", TargetKeyId=arn)
context = {"tenant": "acme"}
data = kms.generate_data_key(KeyId="alias/boto3", KeySpec="AES_256", EncryptionContext=context)
opened = kms.decrypt(CiphertextBlob=data["CiphertextBlob"], EncryptionContext=context)
grant = kms.create_grant(KeyId=arn, GranteePrincipal="arn:aws:iam::111122223333:root", Operations=["Decrypt"])
kms.enable_key_rotation(KeyId=arn, RotationPeriodInDays=90)
status = kms.get_key_rotation_status(KeyId=arn)
pages = [key["KeyArn"] for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1}) for key in page["Keys"]]
wrong = code(kms.decrypt, CiphertextBlob=data["CiphertextBlob"])
kms.disable_key(KeyId=arn)
print(json.dumps({
    "identity": sts.get_caller_identity()["Arn"],
    "same": opened["Plaintext"] == data["Plaintext"] and opened["KeyId"] == arn,
    "wrong context": wrong,
    "disabled": code(kms.encrypt, KeyId=arn, Plaintext=b"x"),
    "missing": code(kms.describe_key, KeyId="00000000-0000-4000-8000-000000000000"),
    "too long": code(kms.encrypt, KeyId=arn, Plaintext=b"x" * 4097),
    "grants": len(kms.list_grants(KeyId=arn)["Grants"]),
    "period": status["RotationPeriodInDays"],
    "created": kms.describe_key(KeyId=arn)["KeyMetadata"]["CreationDate"].year > 2000,
    "pages": pages == [arn],
}))
`;

async function environment() {
  const { aws, owner } = await parties();
  return {
    owner,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["TMPDIR"] ?? "/tmp",
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: owner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
  };
}

describe("boto3", () => {
  const python = found("python");
  const hasBoto3 = python !== undefined && existsSync(path.join(bin, "aws"));
  whenAvailable("boto3", hasBoto3 ? python : undefined, ".tools/aws-clients has no boto3", (command) => {
    it("creates, encrypts, grants, rotates, pages, and reads every error", async () => {
      const { owner, env } = await environment();
      const { stdout } = await run(command, ["-c", BOTO3], { env });
      expect(JSON.parse(stdout)).toEqual({
        identity: owner.principalArn,
        same: true,
        "wrong context": "InvalidCiphertextException",
        disabled: "DisabledException",
        missing: "NotFoundException",
        "too long": "ValidationException",
        grants: 1,
        period: 90,
        created: true,
        pages: true,
      });
    });
  });
});

describe("the AWS CLI", () => {
  whenAvailable("awscli", found("aws"), ".tools/aws-clients has no awscli", (command) => {
    it("creates, describes, encrypts and decrypts a file, and fails with AWS's words", async () => {
      const { owner, env } = await environment();
      const aws = async (...parameters: string[]) => JSON.parse((await run(command, parameters, { env })).stdout || "{}");
      const { KeyMetadata } = await aws("kms", "create-key", "--description", "from the CLI");
      const KeyId = String(KeyMetadata.Arn);
      const context = ["--encryption-context", "tenant=acme"];
      const folder = await mkdtemp(path.join(tmpdir(), "mock-aws-cli-"));
      onEnd(() => rm(folder, { recursive: true, force: true }));
      const file = async (name: string, bytes: Buffer) => {
        await writeFile(path.join(folder, name), bytes);
        return `fileb://${path.join(folder, name)}`;
      };
      const plaintext = await file("plaintext", Buffer.from("secret"));
      const sealed = await aws("kms", "encrypt", "--key-id", KeyId, "--plaintext", plaintext, ...context);
      const ciphertext = await file("ciphertext", Buffer.from(sealed.CiphertextBlob, "base64"));
      const opened = await aws("kms", "decrypt", "--ciphertext-blob", ciphertext, ...context);
      expect(Buffer.from(opened.Plaintext, "base64").toString()).toBe("secret");
      await aws("kms", "disable-key", "--key-id", KeyId);
      const refused = aws("kms", "encrypt", "--key-id", KeyId, "--plaintext", plaintext);
      await expect(refused).rejects.toThrow(`(DisabledException) when calling the Encrypt operation: ${KeyId} is disabled.`);
      expect((await aws("sts", "get-caller-identity")).Account).toBe(owner.id);
    });
  });
});
