// Invariant: no frame is sealed and none is released, on either side, once the gate is closed; a stream that waits goes on when
// it opens and ends with the gate's own error when it never will.
import { createDecipheriv, type DecipherGCM } from "node:crypto";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { AccountKey, createCipherPool, type FrameGate, GateClosedError, inlineCiphers, open, seal } from "../src/index.js";
import { chunks, collect, drain, fixture, random } from "../testing/bytes.js";
import { settle } from "../testing/fake-clock.js";

class ToggleGate implements FrameGate {
  #open = true;
  #asked = 0;
  #waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #closesAt = Number.POSITIVE_INFINITY;

  get asked(): number {
    return this.#asked;
  }
  get waiting(): number {
    return this.#waiters.length;
  }
  isOpen(): boolean {
    if (++this.#asked >= this.#closesAt) this.#open = false;
    return this.#open;
  }
  waitUntilOpen(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }
  close(): void {
    this.#open = false;
  }
  /** Closes at the n-th question from now on. */
  closeAtQuestion(count: number): void {
    this.#closesAt = this.#asked + count;
  }
  reopen(): void {
    this.#open = true;
    this.#closesAt = Number.POSITIVE_INFINITY;
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }
  closeForGood(reason: string): void {
    this.#open = false;
    for (const { reject } of this.#waiters.splice(0)) reject(new GateClosedError(reason));
  }
}

const FRAME = 16;
const { sealOptions, openOptions, seal: sealWhole, open: openWhole } = fixture(FRAME);
const plaintext = random(5 * FRAME + 3);
const message = await sealWhole(plaintext);

const pool = createCipherPool({ threads: 1 });
afterAll(() => pool.close());
const stopped = (gate: ToggleGate): Promise<void> =>
  vi.waitFor(() => expect(gate.waiting).toBe(1), { interval: 1, timeout: 10_000 });
const isRight = {
  seal: async (bytes: Buffer) => (await openWhole(bytes)).bytes.equals(plaintext),
  open: async (bytes: Buffer) => bytes.equals(plaintext),
};

describe.each([
  { ciphers: "inline", side: "seal" },
  { ciphers: "inline", side: "open" },
  { ciphers: "pool", side: "seal" },
  { ciphers: "pool", side: "open" },
] as const)("$side, ciphers: $ciphers", ({ ciphers, side }) => {
  const { seal, open } = { inline: inlineCiphers, pool }[ciphers];
  const sides = {
    seal: (gate: FrameGate) => seal(chunks(plaintext, [10]), { ...sealOptions, gate }),
    open: (gate: FrameGate) => open(chunks(message, [10]), { ...openOptions, gate }),
  };
  it("releases nothing while the gate is closed from the start, not even the header", async () => {
    const gate = new ToggleGate();
    gate.close();
    const result = drain(sides[side](gate));
    await stopped(gate);
    gate.closeForGood("locked");
    const { bytes, error } = await result;
    expect(bytes.length).toBe(0);
    expect(error).toBeInstanceOf(GateClosedError);
    expect(error).toMatchObject({ reason: "locked" });
  });

  it("releases nothing after a close between any two chunks, whenever the consumer asks for the next", async () => {
    const chunkCount = await countChunks(sides[side](new ToggleGate()));
    for (let taken = 0; taken < chunkCount; taken++) {
      const gate = new ToggleGate();
      const iterator = sides[side](gate)[Symbol.asyncIterator]();
      for (let turn = 0; turn < taken; turn++) expect((await iterator.next()).done).toBe(false);
      gate.close();
      const next = iterator.next();
      await stopped(gate);
      gate.closeForGood("revoked");
      await expect(next).rejects.toMatchObject({ name: "GateClosedError", reason: "revoked" });
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    }
  });

  it("a gate that closes at any question at all stops the stream there", async () => {
    const full = new ToggleGate();
    const whole = await collect(sides[side](full));
    for (let question = 1; question <= full.asked; question++) {
      const gate = new ToggleGate();
      gate.closeAtQuestion(question);
      const result = drain(sides[side](gate));
      await stopped(gate);
      gate.closeForGood("refused");
      const { bytes, error } = await result;
      expect(error).toBeInstanceOf(GateClosedError);
      expect(bytes.length).toBeLessThan(whole.length);
    }
  });

  it("goes on where it stood when the gate opens again", async () => {
    const full = new ToggleGate();
    await collect(sides[side](full));
    for (let question = 1; question <= full.asked; question++) {
      const gate = new ToggleGate();
      gate.closeAtQuestion(question);
      const result = collect(sides[side](gate));
      await stopped(gate);
      gate.reopen();
      expect(await isRight[side](await result)).toBe(true);
    }
  });

  it("asks again after the wait: a gate may close at once", async () => {
    const gate = new ToggleGate();
    gate.close();
    const result = drain(sides[side](gate));
    await stopped(gate);
    gate.reopen();
    gate.close();
    await stopped(gate);
    gate.closeForGood("revoked");
    expect((await result).bytes.length).toBe(0);
  });
});

it.each(["seal", "open"] as const)("%s: the account key is not used while the gate is closed", async (side) => {
  const accountKey = AccountKey.generate();
  accountKey.destroy();
  const gate = new ToggleGate();
  gate.close();
  const stream =
    side === "seal"
      ? seal(chunks(plaintext), { ...sealOptions, gate, accountKey })
      : open(chunks(message), { ...openOptions, gate, accountKey });
  const result = drain(stream);
  await settle();
  expect(gate.waiting).toBe(1);
  gate.reopen();
  expect((await result).error).toMatchObject({ message: "this account key has been destroyed" });
});

it("open: nothing is deciphered, nor read on, once the gate has closed within a frame", async () => {
  const long = await sealWhole(random(256 * 1024), { frameLength: 256 * 1024 });
  const gate = new ToggleGate();
  let read = 0;
  async function* closingWithinTheFrame(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks(long, [32 * 1024])) {
      if (++read === 3) gate.close();
      yield chunk;
    }
  }
  const result = drain(open(closingWithinTheFrame(), { ...openOptions, gate }));
  await settle();
  expect([read, gate.waiting]).toEqual([3, 1]);
  gate.closeForGood("revoked");
  expect((await result).bytes.length).toBe(0);
});

it("seal: nothing is enciphered while the gate is closed", async () => {
  // The chunk changes while the stream waits: which bytes were sealed tells when that was done.
  const gate = new ToggleGate();
  const lent = Buffer.alloc(FRAME, 1);
  async function* closingAtItsChunk(): AsyncGenerator<Uint8Array> {
    gate.close();
    yield lent;
  }
  const result = collect(seal(closingAtItsChunk(), { ...sealOptions, gate }));
  await settle();
  expect(gate.waiting).toBe(1);
  lent.fill(2);
  gate.reopen();
  expect((await openWhole(await result)).bytes.equals(Buffer.alloc(FRAME, 2))).toBe(true);
});

describe("open overwrites what it deciphered and did not release", () => {
  const decipher = Object.getPrototypeOf(createDecipheriv("aes-256-gcm", random(32), random(12))) as DecipherGCM;
  afterEach(() => {
    vi.restoreAllMocks();
  });
  /** Every plaintext that the ciphers gave since, frames and data key. */
  const watchPlaintext = (): (() => Buffer[]) => {
    const update = vi.spyOn(decipher, "update");
    return () => update.mock.results.map(({ value }) => value as unknown as Buffer);
  };
  const isWiped = (piece: Buffer): boolean => piece.every((byte) => byte === 0);

  it("when a frame's tag does not hold", async () => {
    const given = watchPlaintext();
    const changed = Buffer.from(message);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    expect((await openWhole(changed)).error).toMatchObject({ fault: "AUTHENTICATION_FAILED" });
    expect(given().length).toBe(7);
    expect(given().filter(isWiped)).toEqual([given()[0], given()[6]]);
  });

  it("when the gate closes for good before the release", async () => {
    const given = watchPlaintext();
    const gate = new ToggleGate();
    async function* closingAtTheEnd(): AsyncGenerator<Uint8Array> {
      yield message.subarray(0, -1);
      gate.close();
      yield message.subarray(-1);
    }
    const result = drain(open(closingAtTheEnd(), { ...openOptions, gate }));
    await settle();
    gate.closeForGood("revoked");
    expect((await result).error).toBeInstanceOf(GateClosedError);
    expect(given().filter(isWiped)).toEqual([given()[0], given()[6]]);
  });
});

it("open: a frame that was deciphered before the close is not released after it", async () => {
  const gate = new ToggleGate();
  async function* closingAtTheEnd(): AsyncGenerator<Uint8Array> {
    yield message.subarray(0, -1);
    gate.close();
    yield message.subarray(-1);
  }
  const result = drain(open(closingAtTheEnd(), { ...openOptions, gate }));
  await settle();
  expect(gate.waiting).toBe(1);
  gate.closeForGood("revoked");
  expect((await result).bytes.equals(plaintext.subarray(0, 5 * FRAME))).toBe(true);
});

it("seal: a frame whose plaintext arrived before the close is not sealed after it", async () => {
  const gate = new ToggleGate();
  async function* closingInTheMiddle(): AsyncGenerator<Uint8Array> {
    yield plaintext.subarray(0, 2 * FRAME - 1);
    gate.close();
    yield plaintext.subarray(2 * FRAME - 1);
  }
  const result = drain(seal(closingInTheMiddle(), { ...sealOptions, gate }));
  await settle();
  gate.closeForGood("revoked");
  const { bytes } = await result;
  const opened = await openWhole(bytes);
  expect(opened.error).toMatchObject({ fault: "TRUNCATED" });
  expect(opened.bytes.equals(plaintext.subarray(0, FRAME))).toBe(true);
});

async function countChunks(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const _ of stream) count++;
  return count;
}
