// Invariant: of all messages that can be put together from parts of genuine ones, only the genuine ones open; every other one ends with
// a MessageError after nothing but verified frames from its own start. Every suite and version but ours is refused.
import { createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AccountKey, MessageError } from "../src/index.js";
import { deriveKeys } from "../src/message/derive.js";
import { encodeEncryptionContext } from "../src/message/encryption-context.js";
import { encodeHeader, headerTag } from "../src/message/header.js";
import { fixture, random } from "../testing/bytes.js";
import { ciphertextOfTwoKeys } from "../testing/gcm-collision.js";
import { cutMessage } from "../testing/message-map.js";

const FRAME = 16;
const { open, seal, sealOptions, openOptions } = fixture(FRAME);

async function refused(message: Uint8Array, plaintext: Buffer): Promise<string> {
  const { bytes, error } = await open(message);
  if (!(error instanceof MessageError)) throw new Error(`not refused: ${Buffer.from(message).toString("hex")}`);
  const isVerifiedStart =
    bytes.length % FRAME === 0 && bytes.length < plaintext.length + FRAME && bytes.equals(plaintext.subarray(0, bytes.length));
  if (!isVerifiedStart) throw new Error(`released ${bytes.length} bytes of ${Buffer.from(message).toString("hex")}`);
  return error.fault;
}

describe("sequences of frames", () => {
  it("every sequence of up to four frames of two messages, under either header", async () => {
    const plaintexts = [random(2 * FRAME + 3), random(2 * FRAME + 3)] as const;
    const messages = [cutMessage(await seal(plaintexts[0]), FRAME), cutMessage(await seal(plaintexts[1]), FRAME)] as const;
    const frames = [...messages[0].frames, ...messages[1].frames];
    const sequences: number[][] = [[]];
    for (const sequence of sequences)
      if (sequence.length < 4) for (const next of frames.keys()) sequences.push([...sequence, next]);
    expect(sequences).toHaveLength(1 + 6 + 6 ** 2 + 6 ** 3 + 6 ** 4);
    let opened = 0;
    for (const [which, { header }] of messages.entries()) {
      const genuine = which === 0 ? "0,1,2" : "3,4,5";
      for (const sequence of sequences) {
        const message = Buffer.concat([header, ...sequence.map((frame) => frames[frame] as Buffer)]);
        if (sequence.join() === genuine) {
          expect(await open(message)).toEqual({ bytes: plaintexts[which], error: null });
          opened++;
        } else await refused(message, plaintexts[which] as Buffer);
      }
    }
    expect(opened).toBe(2);
  }, 120_000);

  it.each([0, 1, FRAME, FRAME + 1, 2 * FRAME])(
    "every removal, doubling and insertion of a byte: %i bytes of plaintext",
    { timeout: 120_000 },
    async (size) => {
      const plaintext = random(size);
      const message = await seal(plaintext);
      for (let at = 0; at < message.length; at++) {
        const [before, after] = [message.subarray(0, at), message.subarray(at)];
        await refused(Buffer.concat([before, after.subarray(1)]), plaintext);
        await refused(Buffer.concat([before, after.subarray(0, 1), after]), plaintext);
        await refused(Buffer.concat([before, Buffer.of(0), after]), plaintext);
      }
    },
  );
});

it("every mixture of the fields of two messages of one key and context", async () => {
  const plaintexts = [random(FRAME + 1), random(FRAME + 1)] as const;
  const cut = [cutMessage(await seal(plaintexts[0]), FRAME), cutMessage(await seal(plaintexts[1]), FRAME)] as const;
  const contextLength = encodeEncryptionContext(sealOptions.context).length;
  const wrapAt = 37 + contextLength + 2 + 5; // after provider id
  const ivAt = wrapAt + 2 + "acc-1/7".length + 8;
  const fields: readonly (readonly [number, number])[] = [
    [3, 35], // message id
    [ivAt, ivAt + 12],
    [ivAt + 14, ivAt + 46], // wrapped key
    [ivAt + 46, ivAt + 62], // its tag
    [ivAt + 62 + 5, ivAt + 62 + 37], // commitment
    [ivAt + 62 + 37, ivAt + 62 + 53], // header tag
  ];
  expect(fields.at(-1)?.[1]).toBe(cut[0].header.length);
  const parts = fields.length + 2;
  const faults = new Set<string>();
  let opened = 0;
  for (let mixture = 0; mixture < 2 ** parts; mixture++) {
    const from = (part: number): 0 | 1 => ((mixture >> part) & 1 ? 1 : 0);
    const header = Buffer.from(cut[0].header);
    for (const [part, [start, end]] of fields.entries()) cut[from(part)].header.copy(header, start, start, end);
    const frames = [0, 1].map((frame) => cut[from(fields.length + frame)].frames[frame] as Buffer);
    const message = Buffer.concat([header, ...frames]);
    const whole = mixture === 0 ? 0 : mixture === 2 ** parts - 1 ? 1 : null;
    if (whole !== null) {
      expect(await open(message)).toEqual({ bytes: plaintexts[whole], error: null });
      opened++;
    } else faults.add(await refused(message, plaintexts[from(0)]));
  }
  expect(opened).toBe(2);
  expect([...faults].sort()).toEqual(["AUTHENTICATION_FAILED", "COMMITMENT_MISMATCH"]);
});

describe("downgrades", () => {
  it("every other algorithm suite, of all 65,536", async () => {
    const plaintext = random(FRAME + 1);
    const message = Buffer.from(await seal(plaintext));
    for (let suite = 0; suite <= 0xffff; suite++) {
      message.writeUInt16BE(suite, 1);
      if (suite === 0x0478) continue;
      expect(await refused(message, Buffer.alloc(0))).toBe(suite === 0x0578 ? "SIGNED_SUITE_REFUSED" : "SUITE_REFUSED");
    }
  }, 120_000);

  it("every other version", async () => {
    const message = Buffer.from(await seal(random(FRAME + 1)));
    for (let version = 0; version <= 0xff; version++) {
      message.writeUInt8(version, 0);
      if (version !== 2) expect(await refused(message, Buffer.alloc(0))).toBe(version === 1 ? "SUITE_REFUSED" : "MALFORMED");
    }
  });
});

describe("one ciphertext for two keys", () => {
  it("a wrap that opens under two account keys, to two data keys, opens the message under one alone", async () => {
    const [ours, theirs] = [random(32), random(32)];
    const iv = random(12);
    const context = encodeEncryptionContext(sealOptions.context);
    const { ciphertext, tag } = ciphertextOfTwoKeys([ours, theirs], iv, context);
    const [dataKey, otherDataKey] = [ours, theirs].map((key) => {
      const decipher = createDecipheriv("aes-256-gcm", key, iv).setAAD(context).setAuthTag(tag);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]); // throws unless the tag holds under both
    }) as [Buffer, Buffer];
    expect(dataKey.equals(otherDataKey)).toBe(false);

    const messageId = random(32);
    const { contentKey, commitment } = deriveKeys(dataKey, messageId);
    const info = Buffer.concat([Buffer.from(sealOptions.keyName), Buffer.from("000000800000000c", "hex"), iv]);
    const wrap = { providerId: Buffer.from("ekm"), providerInfo: info, ciphertext: Buffer.concat([ciphertext, tag]) };
    const body = encodeHeader({ messageId, context, wrap, frameLength: FRAME, commitment });
    const message = Buffer.concat([body, headerTag(contentKey, body)]);
    const read = (key: Buffer) => open(message, { accountKey: AccountKey.takeOver(Buffer.from(key)) });
    // The header is all there is: under our key the reader gets as far as the first frame that is missing.
    expect(await read(ours)).toMatchObject({ bytes: Buffer.alloc(0), error: { fault: "TRUNCATED" } });
    expect(await read(theirs)).toMatchObject({ bytes: Buffer.alloc(0), error: { fault: "COMMITMENT_MISMATCH" } });
  });

  it("two data keys in one header, each of them genuine", async () => {
    const plaintext = random(FRAME + 1);
    const [one, other] = [await seal(plaintext), await seal(plaintext)];
    const listAt = 37 + encodeEncryptionContext(sealOptions.context).length;
    const entryLength = cutMessage(one, FRAME).header.length - listAt - 2 - 1 - 4 - 32 - 16;
    const entryOf = (message: Buffer): Buffer => message.subarray(listAt + 2, listAt + 2 + entryLength);
    for (const entries of [
      [one, other],
      [other, one],
      [one, one],
    ] as const) {
      const message = Buffer.concat([
        one.subarray(0, listAt),
        Buffer.of(0, 2),
        ...entries.map(entryOf),
        one.subarray(listAt + 2 + entryLength),
      ]);
      expect(await refused(message, Buffer.alloc(0))).toBe("WRAP_UNKNOWN");
    }
  });

  it("the wrap of another account, another generation or another message, under the name that was asked for", async () => {
    const plaintext = random(FRAME + 1);
    const message = await seal(plaintext);
    const wrapEnd = cutMessage(message, FRAME).header.length - 1 - 4 - 32 - 16;
    const foreign = await Promise.all([
      seal(plaintext, { accountKey: AccountKey.generate() }),
      seal(plaintext, { context: { ...sealOptions.context, "ekm:account": "acc-2" } }),
      seal(plaintext),
    ]);
    const faults = [];
    for (const other of foreign) {
      expect(other.length).toBe(message.length);
      const spliced = Buffer.from(message);
      other.copy(spliced, wrapEnd - 62, wrapEnd - 62, wrapEnd); // IV, length, wrapped key, tag
      faults.push(await refused(spliced, Buffer.alloc(0)));
    }
    expect(faults).toEqual(["AUTHENTICATION_FAILED", "AUTHENTICATION_FAILED", "COMMITMENT_MISMATCH"]);
    expect(openOptions.keyName).toBe(sealOptions.keyName);
  });
});
