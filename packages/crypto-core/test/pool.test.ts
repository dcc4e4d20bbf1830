// Invariant: threads change where ciphers run and nothing else. The bytes are the same format, a destroyed key or a lost thread
// ends the stream before its next frame, and what runs ahead of the consumer is bounded.
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  AccountKey,
  ALWAYS_OPEN,
  CipherThreadLostError,
  createCipherPool,
  type DigestedStream,
  type FrameGate,
  GateClosedError,
  inlineCiphers,
  type MessageError,
} from "../src/index.js";
import { chunks, collect, drain, fixture, random } from "../testing/bytes.js";

const pool = createCipherPool({ threads: 2 });
afterAll(() => pool.close());
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const MIB = 1024 * 1024;

async function whole(stream: DigestedStream): Promise<{ bytes: Buffer; digest: string }> {
  expect(() => stream.digest()).toThrow("not come to its end");
  const bytes = await collect(stream);
  return { bytes, digest: stream.digest() };
}

/** Lets `count` bytes through as fast as they are asked for, and counts. */
function endless(chunk: Uint8Array, count = Number.POSITIVE_INFINITY) {
  const seen = { pulled: 0, closed: false };
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (; seen.pulled < count; seen.pulled += chunk.length) yield chunk;
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: source() };
}

describe.each([
  ["pool", "inline"],
  ["inline", "pool"],
  ["pool", "pool"],
] as const)("sealed by %s, opened by %s", (sealer, opener) => {
  const ciphers = { pool, inline: inlineCiphers };
  const roundTrip = async (plaintext: Uint8Array, frameLength: number, sourceCuts: number[], messageCuts: number[]) => {
    const { sealOptions, openOptions } = fixture(frameLength);
    const sealed = await whole(ciphers[sealer].seal(chunks(plaintext, sourceCuts), { ...sealOptions, digest: true }));
    const opened = await whole(ciphers[opener].open(chunks(sealed.bytes, messageCuts), { ...openOptions, digest: true }));
    expect(opened.bytes.equals(plaintext)).toBe(true);
    expect([sealed.digest, opened.digest]).toEqual([sha256(plaintext), sha256(plaintext)]);
  };
  const cuts = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 });

  it("gives back what went in, and its digest, for any size, frame length and chunking", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 800 }), cuts, cuts, roundTrip),
      { numRuns: 100 },
    );
  });

  it("takes no digest unless it is asked for", async () => {
    const { sealOptions, openOptions } = fixture(1000);
    const sealed = ciphers[sealer].seal(chunks(random(2500)), { ...sealOptions, digest: false });
    const opened = ciphers[opener].open(chunks(await collect(sealed)), { ...openOptions, digest: false });
    await collect(opened);
    for (const stream of [sealed, opened]) expect(() => stream.digest()).toThrow("not asked for");
  });

  it.each([64 * 1024, 100_000, MIB])("holds over several batches, frames of %i bytes", async (frameLength) => {
    await roundTrip(random(3 * MIB + 12_345), frameLength, [MIB, 5], [256 * 1024]);
    await roundTrip(random(2 * MIB), frameLength, [70_000], [MIB]);
  });
});

it("never releases a changed frame, and says what is wrong as the inline one does", async () => {
  const { seal, openOptions } = fixture(1000);
  const message = await seal(random(10_500));
  for (let at = 300; at < message.length; at += 977) {
    const changed = Buffer.from(message);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
    const inline = await drain(inlineCiphers.open(chunks(changed), openOptions));
    const pooled = await drain(pool.open(chunks(changed), openOptions));
    expect(pooled.error).toMatchObject({ name: "MessageError", fault: (inline.error as MessageError).fault });
    expect(pooled.bytes.equals(inline.bytes)).toBe(true);
  }
  for (const cut of [1, 300, 5_000, message.length - 1]) {
    expect((await drain(pool.open(chunks(message.subarray(0, cut)), openOptions))).error).toMatchObject({ fault: "TRUNCATED" });
  }
  const longer = Buffer.concat([message, Buffer.from([0])]);
  expect((await drain(pool.open(chunks(longer), openOptions))).error).toMatchObject({ fault: "TRAILING_BYTES" });
});

describe("a key that is destroyed in the middle of a batch", () => {
  // 65,536 frames in a batch: a thread that looked once per batch would seal all of it.
  const { sealOptions } = fixture(16);
  const destroyedUnder = async (gate: FrameGate): Promise<{ bytes: Buffer; error: unknown }> => {
    const accountKey = AccountKey.generate();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(MIB);
      setImmediate(() => accountKey.destroy());
      yield Buffer.alloc(MIB);
    }
    return drain(pool.seal(source(), { ...sealOptions, accountKey, gate }));
  };

  it("is used for no further frame", async () => {
    const { bytes, error } = await destroyedUnder(ALWAYS_OPEN);
    expect(error).toMatchObject({ message: "this account key has been destroyed" });
    expect(bytes.length).toBeLessThan(MIB);
  });

  it("ends the stream with what the gate knows, and nothing done meanwhile comes out", async () => {
    let asked = 0;
    const gate = {
      isOpen: () => ++asked <= 2,
      waitUntilOpen: () => Promise.reject(new GateClosedError("revoked")),
    };
    const { bytes, error } = await destroyedUnder(gate);
    expect(error).toMatchObject({ name: "GateClosedError", reason: "revoked" });
    expect(bytes.length).toBeLessThan(400); // the header alone
  });
});

it("a lease that runs out while a thread works: the gate is asked again, and nothing comes out", async () => {
  const { sealOptions, openOptions } = fixture(64 * 1024);
  const message = await collect(inlineCiphers.seal(chunks(random(4 * MIB)), sealOptions));
  let asked = 0;
  let open = true;
  const gate: FrameGate = {
    isOpen() {
      // Header, first batch, second batch; then the first batch is with the thread, and its plaintext on the way back.
      if (++asked === 3) queueMicrotask(() => (open = false));
      return open;
    },
    waitUntilOpen: () => Promise.reject(new GateClosedError("expired")),
  };
  const { bytes, error } = await drain(pool.open(chunks(message), { ...openOptions, gate }));
  expect(error).toMatchObject({ reason: "expired" });
  expect([bytes.length, asked]).toEqual([0, 4]);
});

describe("back-pressure and giving up", () => {
  it.each(["seal", "open"] as const)("%s: a consumer that stops asking stops the source after a few batches", async (side) => {
    const { sealOptions, openOptions } = fixture(64 * 1024);
    const message = await collect(inlineCiphers.seal(endless(random(MIB), 8 * MIB).source, sealOptions));
    const { seen, source } = endless(random(64 * 1024));
    const stream = side === "seal" ? pool.seal(source, sealOptions) : pool.open(counted(message, seen), openOptions);
    const iterator = stream[Symbol.asyncIterator]();
    for (let turn = 0; turn < 2; turn++) await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.pulled).toBeGreaterThan(0);
    expect(seen.pulled).toBeLessThanOrEqual(3 * MIB);
    await iterator.return?.();
    expect(seen.closed).toBe(true);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("many streams that were given up leave the threads free and the memory flat", async () => {
    const { sealOptions } = fixture(64 * 1024);
    const chunk = random(MIB);
    const giveUp = async (): Promise<void> => {
      let taken = 0;
      for await (const _ of pool.seal(endless(chunk).source, sealOptions)) if (++taken > 3) break;
    };
    for (let i = 0; i < 10; i++) await giveUp();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 100; i++) await giveUp();
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB);
    expect((await whole(pool.seal(chunks(chunk), { ...sealOptions, digest: true }))).digest).toBe(sha256(chunk));
  });

  async function* counted(message: Buffer, seen: { pulled: number; closed: boolean }): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks(message, [64 * 1024])) {
        seen.pulled += chunk.length;
        yield chunk;
      }
    } finally {
      seen.closed = true;
    }
  }
});

describe("a thread that dies", () => {
  const { sealOptions } = fixture(64 * 1024);

  it("in the middle of a frame: its streams end with an error, and the next ones get a new thread", async () => {
    const own = createCipherPool({ threads: 1 });
    const started: Promise<Worker[]> = once(process, "worker") as Promise<Worker[]>;
    const { seen, source } = endless(random(MIB));
    const first = (async () => {
      for await (const _ of own.seal(source, sealOptions));
    })();
    const settled = Promise.allSettled([first]);
    const [worker] = await started;
    await vi.waitFor(() => expect(seen.pulled).toBeGreaterThan(4 * MIB), { timeout: 10_000 });
    await worker?.terminate();
    const [{ reason }] = (await settled) as [PromiseRejectedResult];
    expect(reason).toBeInstanceOf(CipherThreadLostError);
    expect(seen.closed).toBe(true);
    await vi.waitFor(async () => expect((await drain(own.seal(chunks(random(9)), sealOptions))).error).toBeNull());
    await own.close();
  });

  it("because the pool was closed: the same, and nothing begins any more", async () => {
    const own = createCipherPool({ threads: 1 });
    const { seen, source } = endless(random(MIB));
    const running = drain(own.seal(endlessly(source), sealOptions));
    await vi.waitFor(() => expect(seen.pulled).toBeGreaterThan(2 * MIB), { timeout: 10_000 });
    await own.close();
    expect((await running).error).toBeInstanceOf(CipherThreadLostError);
    expect((await drain(own.seal(chunks(random(9)), sealOptions))).error).toBeInstanceOf(CipherThreadLostError);
  });

  /** Breathes, so that the test's own turn comes. */
  async function* endlessly(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield chunk;
    }
  }
});

it.each([0, -1, 1.5])("a pool of %s threads is a mistake", (threads) => {
  expect(() => createCipherPool({ threads })).toThrow(RangeError);
});
