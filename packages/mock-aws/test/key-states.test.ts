// Invariant: the state of a key decides what each operation answers exactly as AWS's table says, name, text and status.
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import type { KeyState, NewKeyState } from "../src/index.js";
import { failureOf, parties } from "./harness.js";

const STATES = [
  "Disabled",
  "PendingDeletion",
  "PendingReplicaDeletion",
  "PendingImport",
  "Unavailable",
  "Creating",
  "Updating",
] as const;
type State = (typeof STATES)[number] | "Enabled";

interface Subject {
  readonly arn: string;
  readonly other: string;
  readonly ciphertext: Uint8Array;
  readonly ciphertextOfOther: Uint8Array;
  readonly policy: string;
}

const DISABLED = ["DisabledException", "is disabled."] as const;
const DELETION = ["KMSInvalidStateException", "is pending deletion."] as const;
const NO_DELETION = ["KMSInvalidStateException", "is not pending deletion."] as const;
const IMPORT = ["KMSInvalidStateException", "is pending import."] as const;
const UNAVAILABLE = ["KMSInvalidStateException", "is unavailable."] as const;
const CREATING = ["KMSInvalidStateException", "is creating."] as const;
const UPDATING = ["KMSInvalidStateException", "is updating."] as const;

type Expected = readonly [name: string, text: string] | "ok";

/** In the order of STATES, then Enabled: written out from AWS's table, independently of the code's own. */
const CRYPTOGRAPHIC: Expected[] = [DISABLED, DELETION, DELETION, IMPORT, UNAVAILABLE, CREATING, "ok", "ok"];
const ALWAYS: Expected[] = STATES.map((): Expected => "ok").concat("ok");
const SWITCH: Expected[] = ["ok", DELETION, DELETION, IMPORT, "ok", CREATING, UPDATING, "ok"];
const SCHEDULE: Expected[] = ["ok", DELETION, DELETION, "ok", "ok", "ok", UPDATING, "ok"];
const CANCEL: Expected[] = [NO_DELETION, "ok", "ok", NO_DELETION, NO_DELETION, NO_DELETION, NO_DELETION, NO_DELETION];

const plain = Buffer.from("x");

const ROWS: readonly [name: string, call: (kms: KMSClient, subject: Subject) => Promise<unknown>, expected: Expected[]][] = [
  ["Encrypt", (kms, { arn }) => kms.send(new EncryptCommand({ KeyId: arn, Plaintext: plain })), CRYPTOGRAPHIC],
  ["Decrypt", (kms, { ciphertext }) => kms.send(new DecryptCommand({ CiphertextBlob: ciphertext })), CRYPTOGRAPHIC],
  ["GenerateDataKey", (kms, { arn }) => kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256" })), CRYPTOGRAPHIC],
  [
    "GenerateDataKeyWithoutPlaintext",
    (kms, { arn }) => kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: arn, KeySpec: "AES_256" })),
    CRYPTOGRAPHIC,
  ],
  [
    "ReEncrypt from it",
    (kms, { other, ciphertext }) => kms.send(new ReEncryptCommand({ CiphertextBlob: ciphertext, DestinationKeyId: other })),
    CRYPTOGRAPHIC,
  ],
  [
    "ReEncrypt to it",
    (kms, { arn, ciphertextOfOther }) =>
      kms.send(new ReEncryptCommand({ CiphertextBlob: ciphertextOfOther, DestinationKeyId: arn })),
    CRYPTOGRAPHIC,
  ],
  ["DescribeKey", (kms, { arn }) => kms.send(new DescribeKeyCommand({ KeyId: arn })), ALWAYS],
  ["GetKeyPolicy", (kms, { arn }) => kms.send(new GetKeyPolicyCommand({ KeyId: arn })), ALWAYS],
  ["PutKeyPolicy", (kms, { arn, policy }) => kms.send(new PutKeyPolicyCommand({ KeyId: arn, Policy: policy })), ALWAYS],
  ["EnableKey", (kms, { arn }) => kms.send(new EnableKeyCommand({ KeyId: arn })), SWITCH],
  ["DisableKey", (kms, { arn }) => kms.send(new DisableKeyCommand({ KeyId: arn })), SWITCH],
  ["ScheduleKeyDeletion", (kms, { arn }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId: arn })), SCHEDULE],
  ["CancelKeyDeletion", (kms, { arn }) => kms.send(new CancelKeyDeletionCommand({ KeyId: arn })), CANCEL],
];

async function keyIn(state: State, more: Omit<NewKeyState, "state"> = {}) {
  const { aws, ownerKms } = await parties();
  const newKey = async () => String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const [arn, other] = [await newKey(), await newKey()];
  const encrypt = async (KeyId: string) =>
    (await ownerKms.send(new EncryptCommand({ KeyId, Plaintext: plain }))).CiphertextBlob ?? Buffer.alloc(0);
  const subject: Subject = {
    arn,
    other,
    ciphertext: await encrypt(arn),
    ciphertextOfOther: await encrypt(other),
    policy: String((await ownerKms.send(new GetKeyPolicyCommand({ KeyId: arn }))).Policy),
  };
  await aws.simulator.keys.setState(arn, { state, ...more });
  return { aws, ownerKms, subject };
}

describe.each([...STATES, "Enabled" as const].map((state, column) => [state, column] as const))(
  "a key that is %s",
  (state, column) => {
    it.each(ROWS)("%s", async (_name, call, expected) => {
      const { ownerKms, subject } = await keyIn(state);
      const wanted = expected[column];
      if (wanted === "ok") {
        await call(ownerKms, subject);
        return;
      }
      expect(await failureOf(call(ownerKms, subject))).toEqual({
        name: wanted?.[0],
        message: `${subject.arn} ${wanted?.[1]}`,
        status: 400,
      });
    });
  },
);

describe("choices that AWS's documents leave open", () => {
  it("a key that is pending deletion answers DisabledException where that is asked for, to encryption alone", async () => {
    const { ownerKms, subject } = await keyIn("PendingDeletion", { pendingDeletionError: "Disabled" });
    const encrypt = ownerKms.send(new EncryptCommand({ KeyId: subject.arn, Plaintext: plain }));
    expect(await failureOf(encrypt)).toMatchObject({
      name: "DisabledException",
      message: `${subject.arn} is pending deletion.`,
    });
    const enable = ownerKms.send(new EnableKeyCommand({ KeyId: subject.arn }));
    expect((await failureOf(enable)).name).toBe("KMSInvalidStateException");
  });

  it.each([
    ["slow", "did not respond in time"],
    ["disabled", "is not enabled in the external key manager"],
    ["not-found", "could not find the external key"],
    ["denied", "denied access to the operation"],
    ["unreachable", "cannot communicate with the external key store proxy"],
  ] as const)(
    "an external key that is %s answers KMSInvalidStateException and leaves the state Enabled",
    async (externalKey, text) => {
      const { aws, ownerKms, subject } = await keyIn("Enabled", { externalKey });
      const failure = await failureOf(ownerKms.send(new DecryptCommand({ CiphertextBlob: subject.ciphertext })));
      expect(failure.name).toBe("KMSInvalidStateException");
      expect(failure.message).toContain(text);
      const described = await ownerKms.send(new DescribeKeyCommand({ KeyId: subject.arn }));
      expect(described.KeyMetadata?.KeyState).toBe("Enabled");
      await aws.simulator.keys.setState(subject.arn, { externalKey: "ok" });
      await ownerKms.send(new DecryptCommand({ CiphertextBlob: subject.ciphertext }));
    },
  );

  it("EnableKey and DisableKey change nothing while a key is Unavailable", async () => {
    const { ownerKms, subject } = await keyIn("Unavailable");
    await ownerKms.send(new EnableKeyCommand({ KeyId: subject.arn }));
    const described = await ownerKms.send(new DescribeKeyCommand({ KeyId: subject.arn }));
    expect(described.KeyMetadata?.KeyState).toBe("Unavailable");
  });
});

describe("a change that becomes visible later", () => {
  const cases: [State, KeyState, boolean][] = [
    ["Enabled", "Disabled", true],
    ["Disabled", "Enabled", false],
    ["Enabled", "Deleted", true],
  ];
  it.each(cases)(
    "from %s to %s: callers see it after the delay, not before; the owner's list shows both",
    async (from, to, usableFirst) => {
      const { aws, ownerKms, subject } = await keyIn(from);
      const usable = async () => {
        try {
          await ownerKms.send(new DecryptCommand({ CiphertextBlob: subject.ciphertext }));
          return true;
        } catch {
          return false;
        }
      };
      const before = Date.now();
      const changed = await aws.simulator.keys.setState(subject.arn, { state: to, visibleAfterMs: 3_600_000 });
      expect(changed).toMatchObject({ state: to, visibleState: from });
      const effectiveIn = Date.parse(changed.effectiveAt) - before;
      expect(effectiveIn).toBeGreaterThanOrEqual(3_600_000);
      expect(effectiveIn).toBeLessThan(3_610_000);
      expect(await usable()).toBe(usableFirst);
      await aws.simulator.clock.set({ advanceMs: 3_500_000 });
      expect(await usable()).toBe(usableFirst);
      await aws.simulator.clock.set({ advanceMs: 100_001 });
      expect(await usable()).toBe(!usableFirst);
    },
  );

  it("asking again without a delay makes it visible at once", async () => {
    const { aws, ownerKms, subject } = await keyIn("Enabled");
    await aws.simulator.keys.setState(subject.arn, { state: "Disabled", visibleAfterMs: 3_600_000 });
    await ownerKms.send(new DisableKeyCommand({ KeyId: subject.arn }));
    const failure = await failureOf(ownerKms.send(new DecryptCommand({ CiphertextBlob: subject.ciphertext })));
    expect(failure.name).toBe("DisabledException");
  });
});
