// Invariant: rotation changes what a key encrypts with, and never what it can still open.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, parties, sdk, UPSTREAM } from "./harness.js";

const DAY_MS = 86_400_000;

async function withKey() {
  const world = await parties();
  const KeyId = String((await world.ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  return { ...world, KeyId };
}

const encrypt = async (kms: KMSClient, KeyId: string) =>
  (await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }))).CiphertextBlob;
const materialOf = async (kms: KMSClient, KeyId: string) =>
  (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.CurrentKeyMaterialId;

describe("on demand", () => {
  it("changes the current material; every old ciphertext stays readable, and the answer says by which material", async () => {
    const { ownerKms, KeyId } = await withKey();
    const made: { CiphertextBlob: Uint8Array | undefined; materialId: string | undefined }[] = [];
    for (let round = 0; round < 4; round++) {
      made.push({ CiphertextBlob: await encrypt(ownerKms, KeyId), materialId: await materialOf(ownerKms, KeyId) });
      await ownerKms.send(new RotateKeyOnDemandCommand({ KeyId }));
    }
    expect(new Set(made.map(({ materialId }) => materialId)).size).toBe(4);
    for (const { CiphertextBlob, materialId } of made) {
      const opened = await ownerKms.send(new DecryptCommand({ CiphertextBlob }));
      expect(opened.KeyId).toBe(KeyId);
      // A LocalStack behind the front does not say by which material it opened something.
      if (UPSTREAM === undefined) expect(opened.KeyMaterialId).toBe(materialId);
    }
    const first = await ownerKms.send(new ListKeyRotationsCommand({ KeyId, Limit: 3 }));
    const rest = await ownerKms.send(new ListKeyRotationsCommand({ KeyId, Limit: 3, Marker: first.NextMarker }));
    const rotations = [...(first.Rotations ?? []), ...(rest.Rotations ?? [])];
    expect(rotations.map(({ RotationType }) => RotationType)).toEqual(Array(4).fill("ON_DEMAND"));
  });

  it("is done ten times at most", async () => {
    const { ownerKms, KeyId } = await withKey();
    for (let round = 0; round < 10; round++) await ownerKms.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await failureOf(ownerKms.send(new RotateKeyOnDemandCommand({ KeyId })))).toMatchObject({
      name: "LimitExceededException",
      message:
        "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for " +
        `this key: ${KeyId}`,
    });
  });
});

describe("automatic", () => {
  it("comes every year by the simulated clock, while it is on", async () => {
    const { aws, ownerKms, KeyId } = await withKey();
    const status = () => ownerKms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(await status()).toMatchObject({ KeyRotationEnabled: false });
    await ownerKms.send(new EnableKeyRotationCommand({ KeyId }));
    const on = await status();
    expect(on).toMatchObject({ KeyId, KeyRotationEnabled: true, RotationPeriodInDays: 365 });
    expect((Number(on.NextRotationDate) - Date.now()) / DAY_MS).toBeCloseTo(365, 1);
    const CiphertextBlob = await encrypt(ownerKms, KeyId);
    const before = await materialOf(ownerKms, KeyId);
    await aws.simulator.clock.set({ advanceMs: 364 * DAY_MS });
    expect(await materialOf(ownerKms, KeyId)).toBe(before);
    await aws.simulator.clock.set({ advanceMs: (1 + 365) * DAY_MS });
    const after = await materialOf(ownerKms, KeyId);
    expect(after).not.toBe(before);
    await ownerKms.send(new DecryptCommand({ CiphertextBlob }));
    const { Rotations } = await ownerKms.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations?.map(({ RotationType }) => RotationType)).toEqual(["AUTOMATIC", "AUTOMATIC"]);
    await ownerKms.send(new DisableKeyRotationCommand({ KeyId }));
    await aws.simulator.clock.set({ advanceMs: 800 * DAY_MS });
    expect(await materialOf(ownerKms, KeyId)).toBe(after);
  });

  it("has the period that is asked for, from 90 to 2560 days", async () => {
    const { ownerKms, KeyId } = await withKey();
    await ownerKms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const status = await ownerKms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status.RotationPeriodInDays).toBe(90);
    for (const RotationPeriodInDays of [89, 2561]) {
      const failure = await failureOf(ownerKms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays })));
      expect(failure.name).toBe("ValidationException");
    }
  });

  it("passes over a key that is disabled when it comes due", async () => {
    const { aws, ownerKms, KeyId } = await withKey();
    await ownerKms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const before = await materialOf(ownerKms, KeyId);
    await ownerKms.send(new DisableKeyCommand({ KeyId }));
    await aws.simulator.clock.set({ advanceMs: 91 * DAY_MS });
    expect(await materialOf(ownerKms, KeyId)).toBe(before);
    await ownerKms.send(new EnableKeyCommand({ KeyId }));
    await aws.simulator.clock.set({ advanceMs: 90 * DAY_MS });
    expect(await materialOf(ownerKms, KeyId)).not.toBe(before);
  });

  it.each([
    { Origin: "EXTERNAL" as const },
    { Origin: "EXTERNAL_KEY_STORE" as const },
    { KeySpec: "ECC_NIST_P256" as const, KeyUsage: "SIGN_VERIFY" as const },
    { KeySpec: "HMAC_256" as const, KeyUsage: "GENERATE_VERIFY_MAC" as const },
  ])("is not for keys with %j", async (input) => {
    const { ownerKms } = await withKey();
    const KeyId = (await ownerKms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn;
    for (const call of [
      ownerKms.send(new EnableKeyRotationCommand({ KeyId })),
      ownerKms.send(new DisableKeyRotationCommand({ KeyId })),
      ownerKms.send(new GetKeyRotationStatusCommand({ KeyId })),
    ]) {
      expect((await failureOf(call)).name).toBe("UnsupportedOperationException");
    }
  });
});

describe("multi-Region keys", () => {
  async function withReplica() {
    const world = await parties();
    const primary = await world.ownerKms.send(new CreateKeyCommand({ MultiRegion: true }));
    const KeyId = String(primary.KeyMetadata?.Arn);
    const made = await world.ownerKms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-west-1" }));
    const replica = String(made.ReplicaKeyMetadata?.Arn);
    return { ...world, KeyId, replica, made, europe: sdk(world.aws, world.owner, "eu-west-1") };
  }

  it("share id and material: what one encrypts the other opens, also while the primary is disabled", async () => {
    const { ownerKms, europe, KeyId, replica, made } = await withReplica();
    expect(made.ReplicaKeyMetadata).toMatchObject({ KeyState: "Creating", MultiRegion: true });
    expect(replica).toBe(KeyId.replace("us-east-1", "eu-west-1"));
    const CiphertextBlob = await encrypt(ownerKms, KeyId);
    await ownerKms.send(new DisableKeyCommand({ KeyId }));
    expect((await failureOf(ownerKms.send(new DecryptCommand({ CiphertextBlob })))).name).toBe("DisabledException");
    expect((await europe.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toBe(replica);
    const described = (await europe.send(new DescribeKeyCommand({ KeyId: replica }))).KeyMetadata;
    expect(described).toMatchObject({ KeyState: "Enabled" });
    expect(described?.MultiRegionConfiguration).toMatchObject({
      MultiRegionKeyType: "REPLICA",
      PrimaryKey: { Arn: KeyId, Region: "us-east-1" },
      ReplicaKeys: [{ Arn: replica, Region: "eu-west-1" }],
    });
  });

  it("are rotated together, on the primary; a replica answers for it and cannot be switched", async () => {
    const { aws, ownerKms, europe, KeyId, replica } = await withReplica();
    await ownerKms.send(new RotateKeyOnDemandCommand({ KeyId }));
    const material = await materialOf(ownerKms, KeyId);
    expect(await materialOf(europe, replica)).toBe(material);
    await europe.send(new DecryptCommand({ CiphertextBlob: await encrypt(ownerKms, KeyId) }));
    await ownerKms.send(new EnableKeyRotationCommand({ KeyId }));
    const status = await europe.send(new GetKeyRotationStatusCommand({ KeyId: replica }));
    expect(status).toMatchObject({ KeyId: replica, KeyRotationEnabled: true });
    for (const call of [
      europe.send(new EnableKeyRotationCommand({ KeyId: replica })),
      europe.send(new RotateKeyOnDemandCommand({ KeyId: replica })),
    ]) {
      expect((await failureOf(call)).name).toBe("UnsupportedOperationException");
    }
    await aws.simulator.clock.set({ advanceMs: 366 * DAY_MS });
    expect(await materialOf(europe, replica)).not.toBe(material);
    expect(await materialOf(europe, replica)).toBe(await materialOf(ownerKms, KeyId));
  });

  it("change places by UpdatePrimaryRegion", async () => {
    const { ownerKms, europe, KeyId, replica } = await withReplica();
    const wrong = ownerKms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: "ap-south-1" }));
    expect((await failureOf(wrong)).name).toBe("NotFoundException");
    await ownerKms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: "eu-west-1" }));
    const described = (await europe.send(new DescribeKeyCommand({ KeyId: replica }))).KeyMetadata;
    expect(described?.MultiRegionConfiguration?.MultiRegionKeyType).toBe("PRIMARY");
    const again = ownerKms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: "eu-west-1" }));
    expect((await failureOf(again)).name).toBe("UnsupportedOperationException");
    await europe.send(new ReplicateKeyCommand({ KeyId: replica, ReplicaRegion: "ap-south-1" }));
  });

  it("a primary waits for its replicas to be deleted, then for its own window", async () => {
    const { aws, ownerKms, europe, KeyId, replica } = await withReplica();
    const scheduled = await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 10 }));
    expect(scheduled).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingWindowInDays: 10 });
    const state = async () => (await ownerKms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    await aws.simulator.clock.set({ advanceMs: 40 * DAY_MS });
    expect(await state()).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingDeletionWindowInDays: 10 });
    await europe.send(new ScheduleKeyDeletionCommand({ KeyId: replica, PendingWindowInDays: 7 }));
    await aws.simulator.clock.set({ advanceMs: 8 * DAY_MS });
    expect((await state())?.KeyState).toBe("PendingDeletion");
    await aws.simulator.clock.set({ advanceMs: 9 * DAY_MS + 1 });
    expect((await failureOf(state())).name).toBe("NotFoundException");
  });

  it("are not made twice in a Region, nor from a single-Region key or a replica", async () => {
    const { ownerKms, europe, KeyId, replica } = await withReplica();
    const single = (await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    const replicate = (kms: KMSClient, key: string | undefined, ReplicaRegion: string) =>
      failureOf(kms.send(new ReplicateKeyCommand({ KeyId: key, ReplicaRegion })));
    expect((await replicate(ownerKms, KeyId, "eu-west-1")).name).toBe("AlreadyExistsException");
    expect((await replicate(ownerKms, KeyId, "us-east-1")).name).toBe("AlreadyExistsException");
    expect((await replicate(ownerKms, single, "eu-west-1")).name).toBe("UnsupportedOperationException");
    expect((await replicate(europe, replica, "ap-south-1")).name).toBe("UnsupportedOperationException");
  });
});
