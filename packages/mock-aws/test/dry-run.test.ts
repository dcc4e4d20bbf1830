// Invariant: a dry run is judged like the real call, says that it would have succeeded, and changes nothing.
import { describe, expect, it } from "vitest";
import { createAwsClient } from "../src/index.js";
import { newSubject } from "./fidelity/subject.js";
import { ROWS } from "./fidelity/table.js";
import { parties } from "./harness.js";

const WITH_DRY_RUN = [
  "Encrypt",
  "Decrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "ReEncrypt from the key",
  "Sign",
  "Verify",
  "GenerateMac",
  "VerifyMac",
  "DeriveSharedSecret",
  "CreateGrant",
  "RevokeGrant",
  "RetireGrant",
];

describe("DryRun", () => {
  it.each(WITH_DRY_RUN)("%s", async (name) => {
    const { aws, owner } = await parties();
    const kms = createAwsClient({ endpoint: aws.url, ...owner, region: "us-east-1" });
    const row = ROWS.find((candidate) => candidate.name === name);
    if (!row) throw new Error(`there is no row ${name}`);
    const subject = await newSubject(kms, row.kind, false);
    const grants = async () => ((await kms.kms("ListGrants", { KeyId: subject.arn })).body["Grants"] as unknown[]).length;
    const before = await grants();
    const { status, body } = await kms.kms(row.operation, { ...row.input(subject), DryRun: true });
    expect([status, body["__type"], body["message"]]).toEqual([
      400,
      "DryRunOperationException",
      "The request would have succeeded, but the DryRun option is set.",
    ]);
    expect(await grants()).toBe(before);
    await aws.simulator.keys.setState(subject.arn, { state: "Creating" });
    if (row.owner[6] !== "ok") {
      const refused = await kms.kms(row.operation, { ...row.input(subject), DryRun: true });
      expect(refused.body["message"]).toBe(`${subject.arn} is creating.`);
    }
    expect((await kms.kms(row.operation, { ...row.input(subject), DryRun: false })).body["__type"]).not.toBe(
      "DryRunOperationException",
    );
  });
});
