import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountKeyContext, type EncryptionContext, type KeyService, type KmsOutcome, type VendorKeys } from "../../src/index.js";

/** A key service with the other side of it: the customer who owns the keys. */
export interface KeyServiceHarness {
  readonly keyService: KeyService;
  readonly vendorKeys: VendorKeys;
  /** Makes a key in a customer's AWS account whose policy grants its use; `boundTo`: for this account's context alone. */
  createKey(options?: { boundTo?: string; region?: "us-east-1" | "eu-west-1"; kind?: "ENCRYPT" | "SIGN" }): Promise<string>;
  /** What the owner does to a key; each is effective when it resolves. */
  readonly owner: {
    disable(keyArn: string): Promise<void>;
    enable(keyArn: string): Promise<void>;
    scheduleDeletion(keyArn: string): Promise<void>;
    cancelDeletion(keyArn: string): Promise<void>;
    /** Takes the grant out of the key policy, and puts it back. */
    revoke(keyArn: string): Promise<void>;
    grant(keyArn: string): Promise<void>;
    /** States that no call of an owner reaches at once. */
    force(keyArn: string, state: "PendingImport" | "Unavailable" | "Deleted"): Promise<void>;
  };
  close(): Promise<void>;
}

const ACCOUNT = "acc_1";
const CONTEXT = accountKeyContext(ACCOUNT, 1);
const OTHER_CONTEXT = accountKeyContext(ACCOUNT, 2);
const SECRET = Uint8Array.from({ length: 32 }, (_, n) => n);

const must = <T>(outcome: KmsOutcome<T>): T => {
  if (!outcome.ok) throw new Error(`unexpected ${outcome.error.code}: ${outcome.error.message}`);
  return outcome.value;
};

/** What every KeyService and its VendorKeys must do, whatever is behind them. `open` gives a new one for each test. */
export function keyServiceContract(name: string, open: () => Promise<KeyServiceHarness>): void {
  describe(`key service contract: ${name}`, () => {
    let harness: KeyServiceHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const wrap = async (keyArn: string, context: EncryptionContext = CONTEXT) =>
      must(await harness.keyService.encrypt(keyArn, SECRET, context)).ciphertext;

    describe("a usable key", () => {
      it("makes data keys: 32 new bytes, plain and wrapped", async () => {
        const arn = await harness.createKey();
        const one = must(await harness.keyService.generateDataKey(arn, CONTEXT));
        const two = must(await harness.keyService.generateDataKey(arn, CONTEXT));
        expect(one.plaintext).toHaveLength(32);
        expect(Buffer.from(one.plaintext).equals(two.plaintext)).toBe(false);
        const opened = must(await harness.keyService.decrypt(arn, one.ciphertext, CONTEXT));
        expect(Buffer.from(opened.plaintext).equals(one.plaintext)).toBe(true);
      });

      it.each([1, 32, 4096])("opens the %i bytes that it wrapped", async (length) => {
        const arn = await harness.createKey();
        const plaintext = new Uint8Array(length).fill(7);
        const { ciphertext } = must(await harness.keyService.encrypt(arn, plaintext, CONTEXT));
        expect(ciphertext.length).toBeLessThanOrEqual(6144);
        const opened = must(await harness.keyService.decrypt(arn, ciphertext, CONTEXT));
        expect(Buffer.from(opened.plaintext).equals(plaintext)).toBe(true);
      });

      it("gives the id of AWS's request, of successes and refusals", async () => {
        const arn = await harness.createKey();
        const success = await harness.keyService.describeKey(arn, ACCOUNT);
        await harness.owner.disable(arn);
        const refusal = await harness.keyService.encrypt(arn, SECRET, CONTEXT);
        expect(success.ok && success.awsRequestId).toEqual(expect.any(String));
        expect(!refusal.ok && refusal.error.awsRequestId).toEqual(expect.any(String));
      });

      it("describes itself", async () => {
        const arn = await harness.createKey();
        expect(must(await harness.keyService.describeKey(arn, ACCOUNT))).toMatchObject({
          arn,
          state: "Enabled",
          keySpec: "SYMMETRIC_DEFAULT",
          keyUsage: "ENCRYPT_DECRYPT",
          manager: "CUSTOMER",
          multiRegion: false,
        });
      });

      it("takes the context in any order, compares it exactly, and opens for no other", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        const reversed = Object.fromEntries(Object.entries(CONTEXT).reverse());
        expect((await harness.keyService.decrypt(arn, ciphertext, reversed)).ok).toBe(true);
        for (const context of [OTHER_CONTEXT, { ...CONTEXT, more: "1" }, { "ekm:account": ACCOUNT }]) {
          expect(await harness.keyService.decrypt(arn, ciphertext, context)).toMatchObject({
            ok: false,
            error: { code: "ACCOUNT_KEY_UNREADABLE", failureClass: "data", keyArn: arn },
          });
        }
      });

      it("opens no other key's wrap and no damaged one", async () => {
        const [arn, other] = [await harness.createKey(), await harness.createKey()];
        const damaged = Uint8Array.from(await wrap(arn));
        damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
        for (const ciphertext of [await wrap(other), damaged, new Uint8Array(100)]) {
          const outcome = await harness.keyService.decrypt(arn, ciphertext, CONTEXT);
          expect(outcome).toMatchObject({ ok: false, error: { code: "ACCOUNT_KEY_UNREADABLE", failureClass: "data" } });
        }
      });
    });

    describe("re-encrypting", () => {
      it("moves a wrap to another key and context", async () => {
        const [fromKeyArn, toKeyArn] = [await harness.createKey(), await harness.createKey()];
        const ciphertext = await wrap(fromKeyArn);
        const request = { fromKeyArn, toKeyArn, ciphertext, fromContext: CONTEXT, toContext: OTHER_CONTEXT };
        const moved = must(await harness.keyService.reEncrypt(request));
        const opened = must(await harness.keyService.decrypt(toKeyArn, moved.ciphertext, OTHER_CONTEXT));
        expect(Buffer.from(opened.plaintext).equals(SECRET)).toBe(true);
        expect((await harness.keyService.decrypt(fromKeyArn, ciphertext, CONTEXT)).ok).toBe(true);
      });

      it("names the key that refused", async () => {
        const [fromKeyArn, toKeyArn] = [await harness.createKey(), await harness.createKey()];
        const request = { fromKeyArn, toKeyArn, ciphertext: await wrap(fromKeyArn), fromContext: CONTEXT, toContext: CONTEXT };
        for (const refusing of [fromKeyArn, toKeyArn]) {
          await harness.owner.disable(refusing);
          expect(await harness.keyService.reEncrypt(request)).toMatchObject({
            ok: false,
            error: { code: "KEY_DISABLED", keyArn: refusing },
          });
          await harness.owner.enable(refusing);
        }
      });

      it("is not tried across Regions", async () => {
        const fromKeyArn = await harness.createKey();
        const toKeyArn = await harness.createKey({ region: "eu-west-1" });
        const request = { fromKeyArn, toKeyArn, ciphertext: await wrap(fromKeyArn), fromContext: CONTEXT, toContext: CONTEXT };
        expect(await harness.keyService.reEncrypt(request)).toMatchObject({
          ok: false,
          error: { code: "INPUT_INVALID", failureClass: "input" },
        });
      });
    });

    describe("a key in another Region", () => {
      it("works like any other", async () => {
        const arn = await harness.createKey({ region: "eu-west-1" });
        expect((await harness.keyService.decrypt(arn, await wrap(arn), CONTEXT)).ok).toBe(true);
      });
    });

    describe("a key that its owner takes away", () => {
      const expectRefusal = async (keyArn: string, ciphertext: Uint8Array, code: string, failureClass: string) => {
        const { keyService } = harness;
        for (const outcome of [
          await keyService.generateDataKey(keyArn, CONTEXT),
          await keyService.encrypt(keyArn, SECRET, CONTEXT),
          await keyService.decrypt(keyArn, ciphertext, CONTEXT),
        ]) {
          expect(outcome).toMatchObject({ ok: false, error: { code, failureClass, keyArn } });
        }
      };

      it("is disabled, and works again once it is enabled", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.disable(arn);
        await expectRefusal(arn, ciphertext, "KEY_DISABLED", "refusal");
        expect(must(await harness.keyService.describeKey(arn, ACCOUNT)).state).toBe("Disabled");
        await harness.owner.enable(arn);
        expect((await harness.keyService.decrypt(arn, ciphertext, CONTEXT)).ok).toBe(true);
      });

      it("is pending deletion, with its date, and works again once that is cancelled and it is enabled", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.scheduleDeletion(arn);
        await expectRefusal(arn, ciphertext, "KEY_PENDING_DELETION", "refusal");
        const description = must(await harness.keyService.describeKey(arn, ACCOUNT));
        expect(description).toMatchObject({ state: "PendingDeletion", deletionDate: expect.any(Date) });
        await harness.owner.cancelDeletion(arn);
        await harness.owner.enable(arn);
        expect((await harness.keyService.decrypt(arn, ciphertext, CONTEXT)).ok).toBe(true);
      });

      it("is revoked by its policy, with all possible causes, and works again once it is granted", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.revoke(arn);
        await expectRefusal(arn, ciphertext, "KEY_ACCESS_DENIED", "refusal");
        const denied = await harness.keyService.decrypt(arn, ciphertext, CONTEXT);
        expect(!denied.ok && denied.error.possibleCauses.length).toBeGreaterThan(1);
        await harness.owner.grant(arn);
        expect((await harness.keyService.decrypt(arn, ciphertext, CONTEXT)).ok).toBe(true);
      });

      it("is gone: answers as one that was revoked", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.force(arn, "Deleted");
        await expectRefusal(arn, ciphertext, "KEY_ACCESS_DENIED", "refusal");
        expect(await harness.keyService.describeKey(arn, ACCOUNT)).toMatchObject({
          ok: false,
          error: { code: "KEY_ACCESS_DENIED" },
        });
      });

      it("waits for its material", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.force(arn, "PendingImport");
        await expectRefusal(arn, ciphertext, "KEY_PENDING_IMPORT", "refusal");
      });

      it("is unavailable: a transient failure", async () => {
        const arn = await harness.createKey();
        const ciphertext = await wrap(arn);
        await harness.owner.force(arn, "Unavailable");
        await expectRefusal(arn, ciphertext, "KEY_UNAVAILABLE", "transient");
      });
    });

    describe("a key that cannot be used so", () => {
      it("is bound to another account, or to any account at all", async () => {
        const arn = await harness.createKey({ boundTo: ACCOUNT });
        expect((await harness.keyService.generateDataKey(arn, CONTEXT)).ok).toBe(true);
        for (const context of [accountKeyContext("acc_2", 1), {}]) {
          expect(await harness.keyService.generateDataKey(arn, context, ACCOUNT)).toMatchObject({
            ok: false,
            error: { code: "KEY_ACCESS_DENIED", failureClass: "refusal" },
          });
        }
        expect((await harness.keyService.describeKey(arn, ACCOUNT)).ok).toBe(true);
      });

      it("is made for signing", async () => {
        const arn = await harness.createKey({ kind: "SIGN" });
        expect(await harness.keyService.encrypt(arn, SECRET, CONTEXT)).toMatchObject({
          ok: false,
          error: { code: "KEY_USAGE_UNSUPPORTED", failureClass: "refusal" },
        });
        expect(must(await harness.keyService.describeKey(arn, ACCOUNT)).keyUsage).toBe("SIGN_VERIFY");
      });
    });

    describe("the vendor's own keys", () => {
      it("are made one by one, work, and can be given to AWS for deletion more than once", async () => {
        const { keyService, vendorKeys } = harness;
        const { arn } = must(await vendorKeys.createKey(ACCOUNT));
        expect(must(await vendorKeys.createKey(ACCOUNT)).arn).not.toBe(arn);
        expect(arn.split(":")[4]).toBe(vendorKeys.identity.awsAccountId);
        expect((await keyService.decrypt(arn, await wrap(arn), CONTEXT)).ok).toBe(true);
        const { deletionDate } = must(await vendorKeys.scheduleDeletion(arn));
        expect(must(await vendorKeys.scheduleDeletion(arn)).deletionDate).toEqual(deletionDate);
        expect(await keyService.encrypt(arn, SECRET, CONTEXT)).toMatchObject({
          ok: false,
          error: { code: "KEY_PENDING_DELETION" },
        });
      });

      it("know who they belong to", () => {
        const { awsAccountId, principalArn } = harness.vendorKeys.identity;
        expect(awsAccountId).toMatch(/^[0-9]{12}$/);
        expect(principalArn).toContain(awsAccountId);
      });
    });
  });
}
