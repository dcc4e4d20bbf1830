// Invariant: no bytes make the decoder do anything but give the plaintext of a genuine message or fail with a MessageError, in bounded
// memory, after nothing but verified frames. `npm run test:long` runs this for minutes on fresh seeds, `npm test` on a fixed one.
import { expect, it } from "vitest";
import { MessageError, open } from "../src/index.js";
import { decodeEncryptionContext, encodeEncryptionContext } from "../src/message/encryption-context.js";
import { chunks, drain, fixture, random } from "../testing/bytes.js";
import { fuzz } from "./fuzz-mutate.js";

const LIMIT_MS = 120_000 + Number(process.env["EKM_FUZZ_SECONDS"] ?? 0) * 1000;
/** What a source yields at most beyond what was asked of it; the reader's own bound is a frame. */
const MEMORY_BOUND = 512 * 1024 * 1024;

it("messages", { timeout: LIMIT_MS }, async () => {
  const { seal, openOptions } = fixture();
  const genuine: { message: Buffer; plaintext: Buffer; frameLength: number }[] = [];
  for (const [frameLength, size] of [
    [16, 0],
    [16, 1],
    [16, 16],
    [16, 53],
    [1, 7],
    [4096, 100],
    [1_048_576, 10],
    [64, 700],
  ] as const) {
    const plaintext = random(size);
    genuine.push({ message: await seal(plaintext, { frameLength }), plaintext, frameLength });
  }
  const before = process.memoryUsage.rss();
  let opened = 0;
  const done = await fuzz(
    genuine.map(({ message }) => message),
    6_000,
    async (input, numbers) => {
      const lengths = [1 + numbers.below(40), 1 + numbers.below(400)];
      const { bytes, error } = await drain(open(chunks(input, lengths), openOptions));
      const same = genuine.find(({ message }) => message.equals(input));
      if (same !== undefined) {
        expect(error).toBeNull();
        expect(bytes.equals(same.plaintext)).toBe(true);
        opened++;
      } else {
        expect(error).toBeInstanceOf(MessageError);
        const isStart = genuine.some(
          ({ plaintext, frameLength }) => bytes.length % frameLength === 0 && bytes.equals(plaintext.subarray(0, bytes.length)),
        );
        expect(isStart).toBe(true);
      }
    },
  );
  expect(done).toBeGreaterThan(opened);
  expect(process.memoryUsage.rss() - before).toBeLessThan(MEMORY_BOUND);
  console.info(`messages: ${done} inputs, ${opened} of them unchanged`);
});

it("encryption contexts", { timeout: LIMIT_MS }, async () => {
  const corpus = [{}, { a: "" }, { "ekm:account": "acc-1", "ekm:generation": "7" }, { ä: "ü", "\u{1F511}": "x" }].map(
    encodeEncryptionContext,
  );
  let decoded = 0;
  const done = await fuzz(corpus, 40_000, (input) => {
    try {
      const context = decodeEncryptionContext(input);
      decoded++;
      const known = Object.fromEntries(context);
      // What the SDK reserves may be read, but is never written.
      if (![...context.keys()].some((key) => key.startsWith("aws-crypto-")))
        expect(encodeEncryptionContext(known).equals(input)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(MessageError);
    }
  });
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(done);
  console.info(`encryption contexts: ${done} inputs, ${decoded} of them well formed`);
});
