import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AwsFault } from "../src/front/aws-fault.js";
import { keyArn } from "../src/keys/key.js";
import type { NewUpstreamKey, Upstream } from "../src/upstream/upstream.js";

const OWNER = "111122223333";

export function newUpstreamKey(more: Partial<NewUpstreamKey> = {}): NewUpstreamKey {
  const id = randomUUID();
  const [accountId, region] = [more.accountId ?? OWNER, more.region ?? "us-east-1"];
  return {
    accountId,
    region,
    id,
    arn: keyArn(region, accountId, id),
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    multiRegion: false,
    description: "contract",
    ...more,
  };
}

export function okay<T>(result: T | AwsFault): T {
  if (result instanceof AwsFault) throw new Error(`${result.code} ${result.message}`);
  return result;
}

const codeOf = (result: unknown): string | null => (result instanceof AwsFault ? result.code : null);

/** What every upstream promises the front; run on each adapter. */
export function upstreamContract(name: string, connect: () => Upstream | Promise<Upstream>): void {
  describe(`upstream: ${name}`, () => {
    async function withKey(more: Partial<NewUpstreamKey> = {}) {
      const upstream = await connect();
      const key = newUpstreamKey(more);
      expect(await upstream.createKey(key)).toBeNull();
      return { upstream, key };
    }

    it("encrypts and decrypts, and the ciphertext carries the key's id", async () => {
      const { upstream, key } = await withKey();
      const plaintext = Buffer.from("secret");
      const ciphertext = okay(await upstream.encrypt(key, plaintext, { a: "b" }));
      expect(upstream.keyIdOf(ciphertext)).toBe(key.id);
      expect(okay(await upstream.decrypt(key, ciphertext, { a: "b" }))).toEqual(plaintext);
      expect(okay(await upstream.encrypt(key, plaintext, { a: "b" }))).not.toEqual(ciphertext);
      expect(ciphertext.length).toBeLessThanOrEqual(6144);
      expect(okay(await upstream.encrypt(key, Buffer.alloc(4096), {})).length).toBeLessThanOrEqual(6144);
    });

    it.each([[{}], [{ a: "c" }], [{ a: "bc", d: "" }], [{ ab: "c" }], [{ a: "b", c: "d" }]])(
      "binds the encryption context exactly: %j does not open what {a: bc} sealed",
      async (other) => {
        const { upstream, key } = await withKey();
        const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), { a: "bc" }));
        expect(codeOf(await upstream.decrypt(key, ciphertext, other))).toBe("InvalidCiphertextException");
      },
    );

    it("does not mind the order of the pairs", async () => {
      const { upstream, key } = await withKey();
      const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), { a: "1", b: "2" }));
      expect(okay(await upstream.decrypt(key, ciphertext, { b: "2", a: "1" }))).toEqual(Buffer.from("x"));
    });

    it.each([1, 16, 32, 64, 1024])("makes data keys of %i bytes, which their ciphertext decrypts to", async (bytes) => {
      const { upstream, key } = await withKey();
      const dataKey = okay(await upstream.generateDataKey(key, bytes, { a: "b" }));
      expect(dataKey.plaintext).toHaveLength(bytes);
      expect(okay(await upstream.decrypt(key, dataKey.ciphertext, { a: "b" }))).toEqual(dataKey.plaintext);
      expect(codeOf(await upstream.decrypt(key, dataKey.ciphertext, {}))).toBe("InvalidCiphertextException");
    });

    it("refuses damaged ciphertexts without a message", async () => {
      const { upstream, key } = await withKey();
      const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), {}));
      ciphertext.writeUInt8(ciphertext.readUInt8(ciphertext.length - 1) ^ 1, ciphertext.length - 1);
      expect(await upstream.decrypt(key, ciphertext, {})).toEqual(new AwsFault("InvalidCiphertextException"));
    });

    it("knows no key in bytes of another make", async () => {
      const { upstream } = await withKey();
      for (const bytes of [Buffer.alloc(0), Buffer.alloc(10), Buffer.alloc(200, 7)]) {
        expect(upstream.keyIdOf(bytes)).toBeNull();
      }
    });

    it("follows a key through its states and keeps its material", async () => {
      const { upstream, key } = await withKey();
      const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), {}));
      for (const state of [
        "Disabled",
        "Enabled",
        "PendingDeletion",
        "Disabled",
        "Enabled",
        "Unavailable",
        "Enabled",
        "Enabled",
      ] as const) {
        expect(await upstream.setState(key, state, 0)).toBeNull();
      }
      expect(okay(await upstream.decrypt(key, ciphertext, {}))).toEqual(Buffer.from("x"));
    });

    it("keeps keys of accounts and Regions apart", async () => {
      const { upstream, key } = await withKey({ accountId: "444455556666", region: "eu-west-1" });
      const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), {}));
      expect(okay(await upstream.decrypt(key, ciphertext, {}))).toEqual(Buffer.from("x"));
    });

    it("holds keys with mrk- ids", async () => {
      const id = `mrk-${randomUUID().replaceAll("-", "")}`;
      const { upstream, key } = await withKey({ id, arn: keyArn("us-east-1", OWNER, id), multiRegion: true });
      const ciphertext = okay(await upstream.encrypt(key, Buffer.from("x"), {}));
      expect(upstream.keyIdOf(ciphertext)).toBe(id);
    });

    it("has nothing to find where no such key exists", async () => {
      expect(await (await connect()).find(newUpstreamKey())).toBeNull();
    });
  });
}
