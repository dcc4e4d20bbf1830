// Invariant: what AWS's documents leave open is chosen by the control interface, and a delayed change is seen when it is due. The
// table of states itself is in test/fidelity.
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import type { KeyState, NewKeyState } from "../src/index.js";
import { failureOf, parties } from "./harness.js";

type State = Exclude<KeyState, "Deleted">;

interface Subject {
  readonly arn: string;
  readonly ciphertext: Uint8Array;
}

const plain = Buffer.from("x");

async function keyIn(state: State, more: Omit<NewKeyState, "state"> = {}) {
  const { aws, ownerKms } = await parties();
  const arn = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const encrypted = await ownerKms.send(new EncryptCommand({ KeyId: arn, Plaintext: plain }));
  const subject: Subject = { arn, ciphertext: encrypted.CiphertextBlob ?? Buffer.alloc(0) };
  await aws.simulator.keys.setState(arn, { state, ...more });
  return { aws, ownerKms, subject };
}

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
