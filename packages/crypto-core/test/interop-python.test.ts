// Invariant: what we seal, two readers that share no code with us open (AWS's SDK for Python, and one written from docs/format.md
// alone), and what that SDK seals in this suite, we open; what one of the three refuses, all refuse.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whenInterop } from "../../../interop/test/peer.js";
import { type EncryptionContext, MessageError } from "../src/index.js";
import { fixture, random } from "../testing/bytes.js";
import { cutMessage } from "../testing/message-map.js";

const FRAME = 256;
/** The Python SDK writes no other frame lengths than multiples of this; it reads any. */
const SDK_FRAME_STEP = 128;
const SIZES = [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 37 * FRAME + 5];
const CONTEXTS: Record<string, EncryptionContext> = {
  empty: {},
  ours: { "ekm:account": "acc-1", "ekm:backup": "b-1", "ekm:object": "o-1", "ekm:generation": "7" },
  "not sorted, not ASCII": { z: "1", ä: "ü", "\u{1F511}": "astral", "\uFFFD": "below astral in UTF-16 only", B: "b", a: "" },
  large: { key: "v".repeat(60_000) },
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const bytesOf = (answer: unknown): Buffer => Buffer.from(answer as string, "base64");

whenInterop((peer) => {
  /** The fixture's key on both sides. */
  function sides(frameLength = FRAME) {
    const ours = fixture(frameLength);
    const key = ours.sealOptions.accountKey.use(base64);
    const { keyName } = ours.sealOptions;
    return {
      ...ours,
      sealedBySdk: async (plaintext: Uint8Array, context: EncryptionContext, frame: number) =>
        bytesOf(await peer.get({ do: "seal", key, keyName, plaintext: base64(plaintext), context, frameLength: frame })),
      openedBySdk: (message: Uint8Array) => peer.ask({ do: "sdk-open", key, keyName, message: base64(message) }),
      openedByReader: (message: Uint8Array, context: EncryptionContext) =>
        peer.ask({ do: "open", key, keyName, context, message: base64(message) }),
    };
  }

  async function bothWays(size: number, context: EncryptionContext, frameLength: number): Promise<void> {
    const { seal, open, sealedBySdk, openedBySdk, openedByReader } = sides(frameLength);
    const plaintext = random(size);
    const ours = await seal(plaintext, { context });
    expect(await openedBySdk(ours)).toEqual({ ok: { plaintext: base64(plaintext), context } });
    expect(await openedByReader(ours, context)).toEqual({ ok: base64(plaintext) });
    if (frameLength % SDK_FRAME_STEP !== 0) return;
    const theirs = await sealedBySdk(plaintext, context, frameLength);
    const { bytes, error } = await open(theirs, { expectedContext: context });
    expect(error).toBeNull();
    expect(bytes.equals(plaintext)).toBe(true);
    expect(await openedByReader(theirs, context)).toEqual({ ok: base64(plaintext) });
  }

  describe.each(Object.entries(CONTEXTS))("context: %s", (_name, context) => {
    it.each(SIZES)("both ways: %i bytes", (size) => bothWays(size, context, FRAME));
  });

  it("both ways: any frame length, size and context", { timeout: 120_000 }, async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    const context = fc
      .dictionary(text, text, { maxKeys: 6, noNullPrototype: true })
      .filter((pairs) => Object.keys(pairs).every((key) => key !== "" && key !== "__proto__" && !key.startsWith("aws-crypto-")));
    const length = fc.oneof(
      fc.constantFrom(1, 2, 16, 4096, 65_536, 1_048_576),
      fc.integer({ min: 1, max: 1_048_576 }),
      fc.integer({ min: 1, max: 8192 }).map((step) => step * SDK_FRAME_STEP),
    );
    const inFrames = fc.tuple(length, fc.integer({ min: 0, max: 5 }), fc.integer({ min: -1, max: 1 }));
    await fc.assert(
      fc.asyncProperty(inFrames, context, async ([frameLength, frames, off], pairs) => {
        await bothWays(Math.max(0, frameLength * frames + off), pairs, frameLength);
      }),
      { numRuns: 40 },
    );
  });

  describe("what one refuses, all refuse", () => {
    const { seal, sealOptions, open, openedBySdk, openedByReader } = sides();
    const plaintext = random(2 * FRAME + 9);
    const refusedByAll = async (message: Buffer): Promise<void> => {
      expect((await open(message)).error).toBeInstanceOf(MessageError);
      expect(await openedBySdk(message)).toHaveProperty("refused");
      expect(await openedByReader(message, sealOptions.context)).toHaveProperty("refused");
    };

    it("a flipped bit in every field of the header, and in each frame", async () => {
      const message = await seal(plaintext);
      const { header, frames } = cutMessage(message, FRAME);
      const inHeader = [1, 2, 3, 40, ...[-90, -70, -54, -50, -40, -1].map((back) => header.length + back)];
      let end = header.length;
      const inFrames = frames.map((frame) => {
        end += frame.length;
        return end - 30;
      });
      const places = [...inHeader, ...inFrames];
      for (const place of places) {
        const changed = Buffer.from(message);
        changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
        await refusedByAll(changed);
      }
    });

    it("frames that are dropped, doubled, swapped or cut off", async () => {
      const { header, frames } = cutMessage(await seal(plaintext), FRAME);
      const [one, two, last] = frames as [Buffer, Buffer, Buffer];
      for (const moved of [[one, last], [two, last], [one, two], [one, one, two, last], [two, one, last], [last], []]) {
        await refusedByAll(Buffer.concat([header, ...moved]));
      }
    });

    it("frames of another message of the same key and context", async () => {
      const [one, other] = [cutMessage(await seal(plaintext), FRAME), cutMessage(await seal(plaintext), FRAME)];
      await refusedByAll(Buffer.concat([one.header, one.frames[0] as Buffer, ...other.frames.slice(1)]));
      await refusedByAll(Buffer.concat([other.header, ...one.frames]));
    });

    it("and the reader another message than the one that was asked for, as we do", async () => {
      const message = await seal(plaintext);
      const context = { ...sealOptions.context, "ekm:object": "o-2" };
      expect((await open(message, { expectedContext: context })).error).toMatchObject({ fault: "CONTEXT_MISMATCH" });
      expect(await openedByReader(message, context)).toHaveProperty("refused");
    });
  });

  it("the reader refuses every one of some hundred random changes, and so do we", { timeout: 120_000 }, async () => {
    const { seal, sealOptions, open, openedByReader } = sides(64);
    const message = await seal(random(200));
    const change = fc.tuple(fc.nat(message.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        const changed = Buffer.from(message);
        changed.writeUInt8(changed.readUInt8(at) ^ by, at);
        expect((await open(changed)).error).toBeInstanceOf(MessageError);
        expect(await openedByReader(changed, sealOptions.context)).toHaveProperty("refused");
      }),
      { numRuns: 300 },
    );
  });
});
