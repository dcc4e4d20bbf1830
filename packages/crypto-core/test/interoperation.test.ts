// Invariant: what we seal, any AWS Encryption SDK opens; what the SDK seals in this suite, we open.
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import { describe, expect, it } from "vitest";
import { AccountKey, type EncryptionContext, MessageError } from "../src/index.js";
import { fixture, random } from "../testing/bytes.js";

const sdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const keyringOf = (accountKey: AccountKey, keyName: string): RawAesKeyringNode =>
  new RawAesKeyringNode({
    keyNamespace: "ekm",
    keyName,
    unencryptedMasterKey: accountKey.use((bytes) => new Uint8Array(bytes)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  });
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

const FRAME = 256;
const SIZES = [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 37 * FRAME + 5];
const CONTEXTS: Record<string, EncryptionContext> = {
  empty: {},
  ours: { "ekm:account": "acc-1", "ekm:backup": "b-1", "ekm:object": "o-1", "ekm:generation": "7" },
  "one pair": { a: "" },
  "not sorted, not ASCII": { z: "1", ä: "ü", "\u{1F511}": "astral", "\uFFFD": "below astral in UTF-16 only", B: "b", a: "a" },
  "named like a member of Object": { ["__proto__"]: "p", constructor: "c", toString: "t" },
  large: { key: "v".repeat(60_000) },
};

describe.each(Object.entries(CONTEXTS))("context: %s", (_name, context) => {
  it.each(SIZES)("the SDK opens what we seal: %i bytes", async (size) => {
    const { seal, sealOptions } = fixture(FRAME);
    const plaintext = random(size);
    const message = await seal(plaintext, { context });
    const opened = await sdk.decrypt(keyringOf(sealOptions.accountKey, sealOptions.keyName), message);
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    expect(opened.messageHeader.suiteId).toBe(0x0478);
    expect(new Map(Object.entries(opened.messageHeader.encryptionContext))).toEqual(new Map(Object.entries(context)));
  });

  it.each(SIZES)("we open what the SDK seals: %i bytes", async (size) => {
    const { open, openOptions } = fixture();
    const plaintext = random(size);
    const sealed = await sdk.encrypt(keyringOf(openOptions.accountKey, openOptions.keyName), plaintext, {
      suiteId: SUITE,
      encryptionContext: context,
      frameLength: FRAME,
    });
    const { bytes, error } = await open(sealed.result, { expectedContext: context });
    expect(error).toBeNull();
    expect(bytes.equals(plaintext)).toBe(true);
  });
});

describe("what the SDK seals otherwise", () => {
  it("is refused by name in its signed default suite", async () => {
    const { open, openOptions } = fixture();
    const sealed = await sdk.encrypt(keyringOf(openOptions.accountKey, openOptions.keyName), random(10));
    expect((await open(sealed.result)).error).toMatchObject({ fault: "SIGNED_SUITE_REFUSED" });
  });

  it("is refused in a suite without commitment", async () => {
    const { open, openOptions } = fixture();
    const old = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
    const sealed = await old.encrypt(keyringOf(openOptions.accountKey, openOptions.keyName), random(10), {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256,
    });
    const { error } = await open(sealed.result);
    expect(error).toBeInstanceOf(MessageError);
    expect(error).toMatchObject({ fault: "SUITE_REFUSED" });
  });

  it("is refused under a key name that only begins like ours", async () => {
    const { open, openOptions } = fixture();
    const sealed = await sdk.encrypt(keyringOf(openOptions.accountKey, `${openOptions.keyName}0`), random(10), {
      suiteId: SUITE,
      encryptionContext: openOptions.expectedContext,
    });
    expect((await open(sealed.result)).error).toMatchObject({ fault: "WRAP_UNKNOWN" });
  });
});
