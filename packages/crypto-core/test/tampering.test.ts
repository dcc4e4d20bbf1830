// Invariant: whatever is done to a message's bytes, nothing comes out but verified frames from its start, and the stream ends
// with a MessageError.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountKey, MessageError } from "../src/index.js";
import { deriveKeys } from "../src/message/derive.js";
import { encodeEncryptionContext } from "../src/message/encryption-context.js";
import { encodeHeader, headerTag } from "../src/message/header.js";
import { wrapDataKey } from "../src/message/raw-aes-wrap.js";
import { fixture, random } from "../testing/bytes.js";
import { cutMessage, mapMessage } from "../testing/message-map.js";

const FRAME = 16;
const { open, seal, sealOptions, openOptions } = fixture(FRAME);
const plaintext = random(3 * FRAME + 5);
const message = await seal(plaintext);
const { header, frames } = cutMessage(message, FRAME);

async function expectFault(bytes: Uint8Array, fault?: string): Promise<number> {
  const { bytes: released, error } = await open(bytes);
  expect(error).toBeInstanceOf(MessageError);
  if (fault !== undefined) expect(error).toMatchObject({ fault });
  expect(released.length % FRAME).toBe(0);
  expect(released.equals(plaintext.subarray(0, released.length))).toBe(true);
  return released.length;
}

it("the untouched message opens", async () => {
  expect(await open(message)).toEqual({ bytes: plaintext, error: null });
});

it("every flipped bit is found, before its frame is released", async () => {
  const map = mapMessage(message, FRAME);
  for (let position = 0; position < message.length; position++) {
    const intact = map.frames.filter(([, end]) => end <= position).length;
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(message);
      changed.writeUInt8(changed.readUInt8(position) ^ (1 << bit), position);
      expect(await expectFault(changed)).toBeLessThanOrEqual(intact * FRAME);
    }
  }
});

it("a message that ends early is found at every byte", async () => {
  for (let length = 0; length < message.length; length++) await expectFault(message.subarray(0, length), "TRUNCATED");
});

it("bytes after the final frame are found, and the final frame is not released", async () => {
  for (const more of [Buffer.of(0), random(100), message, frames[3] ?? Buffer.alloc(0)]) {
    expect(await expectFault(Buffer.concat([message, more]), "TRAILING_BYTES")).toBe(3 * FRAME);
  }
});

describe("frames that are moved", () => {
  const [one, two, three, last] = frames as [Buffer, Buffer, Buffer, Buffer];
  it.each([
    ["dropped", [one, three, last]],
    ["dropped at the start", [two, three, last]],
    ["dropped at the end", [one, two, last]],
    ["doubled", [one, two, two, three, last]],
    ["swapped", [one, three, two, last]],
    ["final first", [last]],
  ])("%s", async (_how, moved) => {
    await expectFault(Buffer.concat([header, ...moved]), "FRAME_OUT_OF_ORDER");
  });

  it("renumbered to stand in order", async () => {
    const renumbered = Buffer.from(three);
    renumbered.writeUInt32BE(2, 0);
    await expectFault(Buffer.concat([header, one, renumbered, last]), "MALFORMED");
    renumbered.writeUInt32BE(2, 12);
    await expectFault(Buffer.concat([header, one, renumbered, last]), "AUTHENTICATION_FAILED");
  });

  it("a regular frame made the final one", async () => {
    const cut = Buffer.alloc(24 + FRAME + 16);
    cut.writeUInt32BE(0xffff_ffff, 0);
    two.copy(cut, 4, 0, 16);
    cut.writeUInt32BE(FRAME, 20);
    two.copy(cut, 24, 16);
    expect(await expectFault(Buffer.concat([header, one, cut]), "AUTHENTICATION_FAILED")).toBe(FRAME);
  });

  it("a final frame that claims more than the frame length", async () => {
    const long = Buffer.from(last);
    long.writeUInt32BE(0xffff_fff0, 20);
    await expectFault(Buffer.concat([header, one, two, three, long]), "FRAME_TOO_LONG");
  });

  it("taken from another message of the same key, context and length", async () => {
    const other = cutMessage(await seal(plaintext), FRAME);
    for (const index of frames.keys()) {
      const spliced = frames.map((frame, at) => (at === index ? (other.frames[at] ?? frame) : frame));
      expect(await expectFault(Buffer.concat([header, ...spliced]), "AUTHENTICATION_FAILED")).toBe(index * FRAME);
    }
    expect(await expectFault(Buffer.concat([other.header, ...frames]), "AUTHENTICATION_FAILED")).toBe(0);
  });
});

describe("another message than expected", () => {
  it.each([
    ["another value", { ...openOptions.expectedContext, "ekm:object": "o-2" }],
    ["a pair more", { ...openOptions.expectedContext, more: "" }],
    ["a pair fewer", { "ekm:account": "acc-1" }],
    ["none", {}],
  ])("context: %s", async (_how, expectedContext) => {
    expect(await open(message, { expectedContext })).toMatchObject({
      bytes: Buffer.alloc(0),
      error: { fault: "CONTEXT_MISMATCH" },
    });
  });

  it("wrong account key", async () => {
    const { bytes, error } = await open(message, { accountKey: AccountKey.generate() });
    expect(bytes.length).toBe(0);
    expect(error).toMatchObject({ fault: "AUTHENTICATION_FAILED" });
  });

  it.each(["acc-1/77", "acc-1/", "acc-1/8", "acc-2/7"])("key name %s", async (keyName) => {
    expect(await open(message, { keyName })).toMatchObject({ bytes: Buffer.alloc(0), error: { fault: "WRAP_UNKNOWN" } });
  });
});

describe("a header that its writer made wrong", () => {
  const context = encodeEncryptionContext(sealOptions.context);
  const messageId = random(32);
  const dataKey = random(32);
  const wrap = wrapDataKey(sealOptions.accountKey, sealOptions.keyName, context, dataKey);
  const keys = deriveKeys(dataKey, messageId);
  const sound = { messageId, context, wrap, frameLength: FRAME, commitment: keys.commitment };
  const tagged = (body: Buffer): Buffer => Buffer.concat([body, headerTag(keys.contentKey, body), ...frames]);

  it("commits to another data key, with a tag that holds", async () => {
    await expectFault(tagged(encodeHeader({ ...sound, commitment: random(32) })), "COMMITMENT_MISMATCH");
  });
  it("has a frame length of zero", async () => {
    await expectFault(tagged(encodeHeader({ ...sound, frameLength: 0 })), "MALFORMED");
  });
  it("has frames longer than the reader allows, before anything is allocated", async () => {
    await expectFault(tagged(encodeHeader({ ...sound, frameLength: 0xffff_ffff })), "FRAME_TOO_LONG");
  });
  it("is of another provider", async () => {
    const foreign = { ...wrap, providerId: Buffer.from("aws-kms") };
    await expectFault(tagged(encodeHeader({ ...sound, wrap: foreign })), "WRAP_UNKNOWN");
  });
  it("has a wrap of another length, IV length or tag length", async () => {
    await expectFault(tagged(encodeHeader({ ...sound, wrap: { ...wrap, ciphertext: random(47) } })), "MALFORMED");
    for (const at of [-16, -20]) {
      const providerInfo = Buffer.from(wrap.providerInfo);
      providerInfo.writeUInt32BE(96, providerInfo.length + at);
      await expectFault(tagged(encodeHeader({ ...sound, wrap: { ...wrap, providerInfo } })), "MALFORMED");
    }
  });
  it.each(["providerId", "providerInfo", "ciphertext"] as const)("has a %s beyond all need", async (field) => {
    await expectFault(tagged(encodeHeader({ ...sound, wrap: { ...wrap, [field]: random(60_000) } })), "LIMIT_EXCEEDED");
  });
  it("lists two encrypted data keys, or none", async () => {
    const countAt = 37 + context.length;
    for (const [count, fault] of [
      [2, "WRAP_UNKNOWN"],
      [0, "MALFORMED"],
    ] as const) {
      const body = encodeHeader(sound);
      body.writeUInt16BE(count, countAt);
      await expectFault(tagged(body), fault);
    }
  });
  it("is not framed", async () => {
    const body = encodeHeader(sound);
    body.writeUInt8(1, body.length - 37);
    await expectFault(tagged(body), "MALFORMED");
  });
  it("is of another version or suite", async () => {
    for (const [bytes, fault] of [
      [[0x01, 0x80], "SUITE_REFUSED"],
      [[0x03], "MALFORMED"],
      [[0x02, 0x03, 0x78], "SUITE_REFUSED"],
      [[0x02, 0x05, 0x78], "SIGNED_SUITE_REFUSED"],
    ] as const) {
      const body = encodeHeader(sound);
      Buffer.from(bytes).copy(body);
      await expectFault(tagged(body), fault);
    }
  });
});

it("no bytes whatever make the reader do anything but fail with a MessageError", async () => {
  const edits = fc.array(fc.record({ at: fc.nat(message.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const damaged = fc.oneof(
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([message.subarray(0, 37), bytes])),
    fc
      .tuple(fc.nat(message.length), fc.uint8Array({ minLength: 1, maxLength: 300 }))
      .map(([at, bytes]) => Buffer.concat([message.subarray(0, at), bytes])),
    edits.map((all) => {
      const copy = Buffer.from(message);
      for (const { at, bytes } of all) Buffer.from(bytes).copy(copy, at);
      return copy;
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      damaged.filter((bytes) => !bytes.equals(message)),
      async (bytes) => {
        await expectFault(bytes);
      },
    ),
    { numRuns: 2000 },
  );
});
