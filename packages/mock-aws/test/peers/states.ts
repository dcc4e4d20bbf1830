import type { KMS } from "@aws-sdk/client-kms";
import { answerTo, type Bench, type Probe, x } from "./probe.js";

async function disabled(owner: KMS, KeyId: string): Promise<string> {
  await owner.disableKey({ KeyId });
  return KeyId;
}

async function deleting(owner: KMS, KeyId: string): Promise<string> {
  await owner.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  return KeyId;
}

const signing = { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" } as const;

/** A key that encrypted something before its state changed. */
async function sealedUnder({ owner, newKey }: Bench, change: (owner: KMS, KeyId: string) => Promise<string>) {
  const KeyId = await newKey();
  const { CiphertextBlob } = await owner.encrypt({ KeyId, Plaintext: x });
  await change(owner, KeyId);
  return { KeyId, CiphertextBlob };
}

/** Key states. */
export const STATE_PROBES: readonly Probe[] = [
  {
    id: "disable-by-arn",
    aws: "DisableKey and its like take a key's id or ARN",
    ask: async ({ owner, newKeyArn }) => answerTo(owner.disableKey({ KeyId: await newKeyArn() })),
    wanted: "ok",
  },
  {
    id: "disabled-encrypt",
    aws: "Encrypt with a disabled key: DisabledException",
    ask: async ({ owner, newKey }) => answerTo(owner.encrypt({ KeyId: await disabled(owner, await newKey()), Plaintext: x })),
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-decrypt",
    aws: "Decrypt with a disabled key: DisabledException",
    ask: async (bench) => {
      const { CiphertextBlob } = await sealedUnder(bench, disabled);
      return answerTo(bench.owner.decrypt({ CiphertextBlob }));
    },
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-data-key",
    aws: "GenerateDataKey with a disabled key: DisabledException",
    ask: async ({ owner, newKey }) =>
      answerTo(owner.generateDataKey({ KeyId: await disabled(owner, await newKey()), KeySpec: "AES_256" })),
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-re-encrypt",
    aws: "ReEncrypt to a disabled key: DisabledException",
    ask: async ({ owner, newKey }) => {
      const SourceKeyId = await newKey();
      const { CiphertextBlob } = await owner.encrypt({ KeyId: SourceKeyId, Plaintext: x });
      const DestinationKeyId = await disabled(owner, await newKey());
      return answerTo(owner.reEncrypt({ CiphertextBlob, SourceKeyId, DestinationKeyId }));
    },
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-sign",
    aws: "Sign with a disabled key: DisabledException",
    ask: async ({ owner, newKey }) => {
      const KeyId = await disabled(owner, await newKey(signing));
      return answerTo(owner.sign({ KeyId, Message: x, SigningAlgorithm: "ECDSA_SHA_256" }));
    },
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-grant",
    aws: "CreateGrant on a disabled key: DisabledException",
    ask: async ({ owner, newKey, place }) => {
      const GranteePrincipal = `arn:aws:iam::${place.owner.accountId}:root`;
      const KeyId = await disabled(owner, await newKey());
      return answerTo(owner.createGrant({ KeyId, GranteePrincipal, Operations: ["Encrypt"] }));
    },
    wanted: "DisabledException: {key} is disabled.",
  },
  {
    id: "disabled-and-back",
    aws: "a key that is enabled again opens what it sealed",
    ask: async (bench) => {
      const { KeyId, CiphertextBlob } = await sealedUnder(bench, disabled);
      await bench.owner.enableKey({ KeyId });
      return Buffer.from((await bench.owner.decrypt({ CiphertextBlob })).Plaintext ?? []).toString();
    },
    wanted: "x",
  },
  {
    id: "pending-deletion-encrypt",
    aws: "Encrypt with a key that is pending deletion: KMSInvalidStateException",
    ask: async ({ owner, newKey }) => answerTo(owner.encrypt({ KeyId: await deleting(owner, await newKey()), Plaintext: x })),
    wanted: "KMSInvalidStateException: {key} is pending deletion.",
  },
  {
    id: "pending-deletion-decrypt",
    aws: "Decrypt with a key that is pending deletion: KMSInvalidStateException",
    ask: async (bench) => {
      const { CiphertextBlob } = await sealedUnder(bench, deleting);
      return answerTo(bench.owner.decrypt({ CiphertextBlob }));
    },
    wanted: "KMSInvalidStateException: {key} is pending deletion.",
  },
  {
    id: "pending-deletion-enable",
    aws: "EnableKey on a key that is pending deletion: KMSInvalidStateException",
    ask: async ({ owner, newKey }) => answerTo(owner.enableKey({ KeyId: await deleting(owner, await newKey()) })),
    wanted: "KMSInvalidStateException: {key} is pending deletion.",
  },
  {
    id: "pending-deletion-tag",
    aws: "TagResource on a key that is pending deletion: KMSInvalidStateException",
    ask: async ({ owner, newKey }) => {
      const KeyId = await deleting(owner, await newKey());
      return answerTo(owner.tagResource({ KeyId, Tags: [{ TagKey: "a", TagValue: "b" }] }));
    },
    wanted: "KMSInvalidStateException: {key} is pending deletion.",
  },
  {
    id: "cancelled-deletion",
    aws: "a key whose deletion is cancelled is Disabled",
    ask: async ({ owner, newKey }) => {
      const KeyId = await deleting(owner, await newKey());
      await owner.cancelKeyDeletion({ KeyId });
      return (await owner.describeKey({ KeyId })).KeyMetadata?.KeyState;
    },
    wanted: "Disabled",
  },
  {
    id: "cancel-deletion-text",
    aws: "CancelKeyDeletion on an Enabled key: KMSInvalidStateException `{key} is not pending deletion.`",
    ask: async ({ owner, newKey }) => answerTo(owner.cancelKeyDeletion({ KeyId: await newKey() })),
    wanted: "KMSInvalidStateException: {key} is not pending deletion.",
  },
  {
    id: "schedule-deletion-answer",
    aws: "ScheduleKeyDeletion answers the key's ARN, state and window",
    ask: async ({ owner, newKeyArn }) => {
      const key = await newKeyArn();
      const { KeyId, KeyState, PendingWindowInDays } = await owner.scheduleKeyDeletion({ KeyId: key, PendingWindowInDays: 7 });
      return [KeyId === key, KeyState, PendingWindowInDays];
    },
    wanted: [true, "PendingDeletion", 7],
  },
  {
    id: "pending-import-encrypt",
    aws: "Encrypt with a key that has no material yet: KMSInvalidStateException",
    ask: async ({ owner, newKey }) => answerTo(owner.encrypt({ KeyId: await newKey({ Origin: "EXTERNAL" }), Plaintext: x })),
    wanted: "KMSInvalidStateException: {key} is pending import.",
  },
  {
    id: "enable-without-material",
    aws: "EnableKey on a key that has no material yet: KMSInvalidStateException",
    ask: async ({ owner, newKey }) => answerTo(owner.enableKey({ KeyId: await newKey({ Origin: "EXTERNAL" }) })),
    wanted: "KMSInvalidStateException: {key} is pending import.",
  },
];
