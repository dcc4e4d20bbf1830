// Invariant: a fault rule does to a call exactly what it says, to no other call, and the event log says which rule fired.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import type { CallEvent, FaultRule } from "../src/index.js";
import { eventsSince, failureOf, parties, sdk } from "./harness.js";

async function faulty(rule: (arn: string) => FaultRule) {
  const world = await parties();
  const arn = String((await world.ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const encrypted = await world.ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("x") }));
  const CiphertextBlob = encrypted.CiphertextBlob ?? Buffer.alloc(0);
  await world.aws.simulator.faults.add([rule(arn)]);
  const decrypt = (kms = world.ownerKms) => kms.send(new DecryptCommand({ CiphertextBlob }));
  const lastCall = async () => (await eventsSince(world.aws)).filter((event): event is CallEvent => event.kind === "call").at(-1);
  return { ...world, arn, decrypt, lastCall };
}

describe("effects, as AWS's client sees them", () => {
  it("error: the code, text and status of the rule", async () => {
    const error = {
      statusCode: 400,
      code: "ThrottlingException",
      message: "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    };
    const { decrypt, lastCall } = await faulty(() => ({ service: "kms", operation: "Decrypt", error, count: 1 }));
    expect(await failureOf(decrypt())).toEqual({ name: error.code, message: error.message, status: 400 });
    expect(await lastCall()).toMatchObject({ outcome: "ThrottlingException", status: 400, rule: { error, count: 1 } });
    await decrypt();
    expect(await lastCall()).toMatchObject({ outcome: "ok", rule: null });
  });

  it("reset: the connection breaks", async () => {
    const { decrypt, lastCall } = await faulty(() => ({ operation: "Decrypt", effect: "reset" }));
    const failure = await failureOf(decrypt());
    expect(failure.message + failure.name).toMatch(/ECONNRESET|socket hang up|TimeoutError/);
    expect(await lastCall()).toMatchObject({ outcome: "reset", status: null });
  });

  it("black-hole: silence until the caller gives up", async () => {
    const { aws, owner, decrypt, lastCall } = await faulty(() => ({ operation: "Decrypt", effect: "black-hole" }));
    const failure = await failureOf(decrypt(sdk(aws, owner, "us-east-1", 200)));
    expect(failure.name).toBe("TimeoutError");
    expect(await lastCall()).toMatchObject({ outcome: "black-hole", status: null });
  });

  it("truncate: a status of 200 and half an answer", async () => {
    const { decrypt, lastCall } = await faulty(() => ({ operation: "Decrypt", effect: "truncate" }));
    const failure = await failureOf(decrypt());
    expect(failure.message).toMatch(/aborted|ECONNRESET/);
    expect(await lastCall()).toMatchObject({ outcome: "truncate", status: 200 });
  });

  it("html: a proxy's page, which is not JSON", async () => {
    const { decrypt, lastCall } = await faulty(() => ({ operation: "Decrypt", effect: "html" }));
    expect(await failureOf(decrypt())).toMatchObject({ name: "SyntaxError", status: 502 });
    expect(await lastCall()).toMatchObject({ outcome: "html", status: 502 });
  });

  it("wrong-key: the answer names another key", async () => {
    const { ownerKms, arn, decrypt } = await faulty(() => ({ effect: "wrong-key" }));
    const answer = await decrypt();
    expect(answer.KeyId).toMatch(/^arn:aws:kms:us-east-1:111122223333:key\//);
    expect(answer.KeyId).not.toBe(arn);
    expect((await ownerKms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.Arn).not.toBe(arn);
  });

  it("stale: state as before the last change, and policy too", async () => {
    const { aws, owner, vendor, ownerKms, vendorKms, arn, decrypt } = await faulty(() => ({
      effect: "stale",
      operation: "Decrypt",
    }));
    await ownerKms.send(new DisableKeyCommand({ KeyId: arn }));
    await decrypt();
    await aws.simulator.faults.clear();
    expect((await failureOf(decrypt())).name).toBe("DisabledException");
    await aws.simulator.keys.setState(arn, { state: "Enabled" });
    expect((await failureOf(decrypt(vendorKms))).name).toBe("AccessDeniedException");

    const open = { Effect: "Allow", Principal: { AWS: [owner.id, vendor.id] }, Action: "kms:*", Resource: "*" };
    const put = async (statement: object) => {
      await ownerKms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: JSON.stringify({ Statement: [statement] }) }));
    };
    await put(open);
    await put({ ...open, Principal: { AWS: owner.id } });
    expect((await failureOf(decrypt(vendorKms))).name).toBe("AccessDeniedException");
    await aws.simulator.faults.add([{ effect: "stale", operation: "Decrypt" }]);
    await decrypt(vendorKms);
  });

  it("latency delays, and what changed meanwhile is seen", async () => {
    const { aws, arn, decrypt } = await faulty(() => ({ operation: "Decrypt", latencyMs: 300 }));
    const began = performance.now();
    const slow = failureOf(decrypt());
    while (performance.now() - began < 100) await new Promise(setImmediate);
    await aws.simulator.keys.setState(arn, { state: "Disabled" });
    expect((await slow).name).toBe("DisabledException");
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  it("LocalStack's network effect delays every AWS call", async () => {
    const { aws, ownerKms, arn } = await faulty(() => ({ operation: "Nothing" }));
    await aws.simulator.effects.set({ latency: 150 });
    const began = performance.now();
    await ownerKms.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(performance.now() - began).toBeGreaterThan(145);
  });
});

describe("which calls", () => {
  it("a rule for one key, or one caller, leaves the others alone", async () => {
    const { aws, ownerKms, arn, decrypt } = await faulty((keyArn) => ({ keyArn, effect: "error" }));
    await ownerKms.send(new CreateKeyCommand({}));
    expect((await failureOf(decrypt())).name).toBe("ServiceUnavailable");
    await aws.simulator.faults.replace([{ keyArn: arn, callerAccountId: "444455556666" }]);
    await decrypt();
    await aws.simulator.faults.replace([{ keyArn: arn, accountId: "111122223333" }]);
    expect((await failureOf(decrypt())).status).toBe(503);
  });

  it("faults come after the policy: a caller that is denied is denied", async () => {
    const { decrypt, vendorKms } = await faulty(() => ({ effect: "error" }));
    expect((await failureOf(decrypt(vendorKms))).name).toBe("AccessDeniedException");
  });

  it("with one seed two runs decide alike, and name their keys alike", async () => {
    const run = async () => {
      const { aws, ownerKms } = await parties({ seed: 7 });
      const KeyId = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
      await aws.simulator.faults.add([{ operation: "Encrypt", probability: 0.5 }]);
      const outcomes: boolean[] = [];
      for (let i = 0; i < 30; i++) {
        outcomes.push(
          await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") })).then(
            () => true,
            () => false,
          ),
        );
      }
      return { KeyId, outcomes };
    };
    const first = await run();
    expect(await run()).toEqual(first);
    expect(new Set(first.outcomes).size).toBe(2);
  });
});
