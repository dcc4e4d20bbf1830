/** A small generator of numbers that a seed fixes (mulberry32): a fuzzer's finding can be run again. */
function createRandom(seed: number): { below(limit: number): number } {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
    },
  };
}

type Random = ReturnType<typeof createRandom>;
type Mutation = (bytes: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer;

/** Values that lengths and counts break at. */
const EDGES = [
  0, 1, 2, 15, 16, 17, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x10_0000, 0x10_0001, 0x7fff_ffff, 0xffff_ffff,
];

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => edited(bytes, (at) => at.writeUInt8(at.readUInt8(0) ^ (1 << random.below(8)), 0), random, 1),
  (bytes, random) => edited(bytes, (at) => at.writeUInt8(random.below(256), 0), random, 1),
  (bytes, random) => edited(bytes, (at) => at.writeUInt16BE((EDGES[random.below(EDGES.length)] ?? 0) & 0xffff, 0), random, 2),
  (bytes, random) => edited(bytes, (at) => at.writeUInt32BE(EDGES[random.below(EDGES.length)] ?? 0, 0), random, 4),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => cut(bytes, random.below(bytes.length + 1), random.below(64)),
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), Buffer.alloc(random.below(64), random.below(256))),
  (bytes, random, corpus) => {
    const other = corpus[random.below(corpus.length)] ?? bytes;
    const at = random.below(Math.min(bytes.length, other.length) + 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(at)]);
  },
  (bytes, random, corpus) => {
    const other = corpus[random.below(corpus.length)] ?? bytes;
    const from = random.below(other.length + 1);
    return insert(bytes, random.below(bytes.length + 1), other.subarray(from, from + random.below(80)));
  },
];

/** One to four changes of one of the corpus. May be one of the corpus again. `tokens` are pieces to insert, or to write over others. */
function mutate(corpus: readonly Buffer[], tokens: readonly Buffer[], random: Random): Buffer {
  let bytes = corpus[random.below(corpus.length)] ?? Buffer.alloc(0);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const token = random.below(2) === 0 ? tokens[random.below(tokens.length)] : undefined;
    bytes =
      token === undefined
        ? (MUTATIONS[random.below(MUTATIONS.length)]?.(bytes, random, corpus) ?? bytes)
        : spliced(bytes, token, random);
  }
  return bytes;
}

/** A token that is a whole line goes between lines. */
function spliced(bytes: Buffer, token: Buffer, random: Random): Buffer {
  const anywhere = random.below(bytes.length + 1);
  if (token.at(-1) === 0x0a) return insert(bytes, bytes.indexOf(0x0a, anywhere) + 1, token);
  return insert(cut(bytes, anywhere, random.below(2) * random.below(token.length + 3)), anywhere, token);
}

function edited(bytes: Buffer, change: (at: Buffer) => void, random: Random, width: number): Buffer {
  if (bytes.length < width) return bytes;
  const copy = Buffer.from(bytes);
  change(copy.subarray(random.below(bytes.length - width + 1)));
  return copy;
}

const cut = (bytes: Buffer, at: number, length: number): Buffer =>
  Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
const insert = (bytes: Buffer, at: number, more: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);

/**
 * Runs `one` on mutations: a fixed number of them from a fixed seed, or, where EKM_FUZZ_SECONDS is set, for that long from a seed of the
 * clock's. An error names the seed and the input.
 */
export async function fuzz(
  corpus: readonly Buffer[],
  runs: number,
  one: (input: Buffer, random: Random) => Promise<void> | void,
  tokens: readonly string[] = [],
): Promise<number> {
  const seconds = Number(process.env["EKM_FUZZ_SECONDS"] ?? 0);
  const seed = seconds > 0 ? Date.now() >>> 0 : 1;
  const random = createRandom(seed);
  const pieces = tokens.map((token) => Buffer.from(token));
  const end = performance.now() + seconds * 1000;
  let done = 0;
  for (; seconds > 0 ? performance.now() < end : done < runs; done++) {
    const input = mutate(corpus, pieces, random);
    try {
      await one(input, random);
    } catch (error) {
      throw new Error(`seed ${seed}, input ${done}: ${input.toString("hex").slice(0, 4000)}`, { cause: error });
    }
  }
  return done;
}
