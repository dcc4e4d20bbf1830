// Invariant: the state file is always whole: killed at any moment, the simulator starts again with what it last wrote.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CreateKeyCommand, DecryptCommand, EncryptCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createAwsClient, startMockAws } from "../src/index.js";
import { keyPolicy, onEnd, sdk } from "./harness.js";

const BUILT = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** Makes keys for ever, and says how many it has: run by the built package, to be killed. */
const BUSY = `
  const { createAwsClient, startMockAws } = await import(process.argv[1]);
  const aws = await startMockAws({ stateFile: process.argv[2] });
  const account = await aws.simulator.accounts.create({ id: "111122223333", name: "busy" });
  const kms = createAwsClient({ endpoint: aws.url, ...account, region: "us-east-1" });
  for (let made = 1; ; made++) {
    const { KeyMetadata } = (await kms.kms("CreateKey", { Description: "x".repeat(2000) })).body;
    await kms.kms("CreateAlias", { AliasName: "alias/k" + made, TargetKeyId: KeyMetadata.KeyId });
    console.log(made);
  }
`;

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "mock-aws-state-"));
  onEnd(() => rm(made, { recursive: true, force: true }));
  return made;
}

describe("the state file", () => {
  it("killed with SIGKILL in the midst of its writes, eight times, it is loaded each time, and nothing written is lost", async () => {
    const stateFile = path.join(await directory(), "state.json");
    let known = 0;
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", BUSY, BUILT, stateFile], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let made = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        made = Number(line);
        if (made >= 20 + round * 7) break;
      }
      child.kill("SIGKILL");
      await once(child, "close");
      const { keys } = JSON.parse(await readFile(stateFile, "utf8")) as { keys: unknown[] };
      expect(keys.length).toBeGreaterThanOrEqual(known);
      known = keys.length;
    }
    const aws = await startMockAws({ stateFile });
    onEnd(() => aws.close());
    expect((await aws.simulator.keys.list()).length).toBe(known);
    expect(known).toBeGreaterThan(50);
  }, 90_000);

  it("keeps aliases, grants, rotations, imported and asymmetric material, tags, policies and key stores", async () => {
    const stateFile = path.join(await directory(), "state.json");
    const first = await startMockAws({ stateFile });
    const owner = await first.simulator.accounts.create({ id: "111122223333", name: "owner" });
    const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }] };
    await first.simulator.accounts.setPrincipal(owner.id, "user/admin", { policies: [allow], tags: { team: "ops" } });
    await first.simulator.accounts.update(owner.id, { organizationId: "o-abcdefghij" });
    const call = async (operation: string, input: object) => {
      const client = createAwsClient({ endpoint: first.url, ...owner, region: "us-east-1" });
      const { status, body } = await client.kms(operation, { ...input });
      expect(status, JSON.stringify(body)).toBe(200);
      return body;
    };
    const kms = sdk(first, owner);
    const arn = String((await kms.send(new CreateKeyCommand({ MultiRegion: true }))).KeyMetadata?.Arn);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("kept") }));
    await call("CreateAlias", { AliasName: "alias/kept", TargetKeyId: arn });
    await call("CreateGrant", { KeyId: arn, GranteePrincipal: owner.principalArn, Operations: ["Decrypt"] });
    await call("RotateKeyOnDemand", { KeyId: arn });
    await call("ReplicateKey", { KeyId: arn, ReplicaRegion: "eu-west-1" });
    await call("TagResource", { KeyId: arn, Tags: [{ TagKey: "a", TagValue: "b" }] });
    const pair = await call("CreateKey", { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const pairArn = String((pair["KeyMetadata"] as { Arn: string }).Arn);
    const sign = { KeyId: pairArn, Message: "eA==", SigningAlgorithm: "ECDSA_SHA_256" };
    const { Signature } = await call("Sign", sign);
    const Policy = keyPolicy({ Principal: { AWS: owner.id } });
    await call("PutKeyPolicy", { KeyId: pairArn, Policy });
    await first.close();

    const second = await startMockAws({ stateFile });
    onEnd(() => second.close());
    const again = sdk(second, owner);
    const opened = await again.send(new DecryptCommand({ CiphertextBlob, KeyId: "alias/kept" }));
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("kept");
    const elsewhere = await sdk(second, owner, "eu-west-1").send(new DecryptCommand({ CiphertextBlob }));
    expect(elsewhere.KeyId).toBe(arn.replace("us-east-1", "eu-west-1"));
    expect((await again.send(new ListGrantsCommand({ KeyId: arn }))).Grants).toHaveLength(1);
    const client = createAwsClient({ endpoint: second.url, ...owner, region: "us-east-1" });
    expect((await client.kms("Verify", { ...sign, Signature })).body).toMatchObject({ SignatureValid: true });
    expect((await client.kms("ListKeyRotations", { KeyId: arn })).body["Rotations"]).toHaveLength(1);
    expect((await client.kms("GetKeyPolicy", { KeyId: pairArn })).body["Policy"]).toBe(Policy);
    expect((await second.simulator.accounts.list())[0]?.organizationId).toBe("o-abcdefghij");
    expect((await second.simulator.accounts.setPrincipal(owner.id, "user/admin", {})).tags).toEqual({ team: "ops" });
  });
});
