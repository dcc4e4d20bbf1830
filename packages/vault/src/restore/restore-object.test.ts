import { createHash } from "node:crypto";
import type { DigestedStream } from "@ekm/crypto-core";
import { expect, it } from "vitest";
import { bytesOf } from "../../testing/collect.js";
import type { Staging } from "../adapters/directory-target/staging.js";
import type { FileEntry } from "../manifest/manifest.js";
import { ReleaseTrace } from "./release-trace.js";
import { restoreObject } from "./restore-object.js";

const contents = ["", "first", "", "second", "x".repeat(1_500_000), "last", ""];
const whole = Buffer.from(contents.join(""));

function files(): FileEntry[] {
  let offset = 0;
  return contents.map((text, i) => {
    const sha256 = createHash("sha256").update(text).digest("hex");
    const entry: FileEntry = {
      type: "file",
      path: `f${i}`,
      mode: 0o644,
      mtimeMs: 0,
      size: text.length,
      sha256,
      object: 0,
      offset,
    };
    offset += text.length;
    return entry;
  });
}

function setUp() {
  const written = new Map<string, string>();
  const state = { open: true, writesWhileClosed: 0, waits: 0 };
  const staging: Pick<Staging, "writeFile"> = {
    async writeFile(path, _, content, around) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) {
        await around(chunk.length, async () => {
          if (!state.open) state.writesWhileClosed++;
          chunks.push(Buffer.from(chunk));
          state.open = chunks.length % 3 !== 0; // closes again and again
        });
      }
      written.set(path, Buffer.concat(chunks).toString());
    },
  };
  const gate = {
    isOpen: () => state.open,
    waitUntilOpen: async () => {
      state.waits++;
      await new Promise((resolve) => setImmediate(resolve));
      state.open = true;
    },
  };
  const context = {
    staging: staging as Staging,
    pacer: { ready: async () => {}, charge: () => {} },
    progress: { bytes: () => {}, item: () => {} },
    trace: new ReleaseTrace({ now: () => new Date(0), monotonicMs: () => 0, sleep: async () => {} }),
  };
  return { written, state, gate, context };
}

/** Chunks whose bounds have nothing to do with the files'. */
function cut(bytes: Buffer, step: number): DigestedStream {
  const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step));
  const stream = bytesOf(...pieces);
  const plaintext = createHash("sha256").update(bytes).digest("hex");
  return { [Symbol.asyncIterator]: () => stream, digest: () => plaintext };
}

it.each([7, 65_536, 10_000_000])(
  "cuts an object into its files, and writes only while the gate is open (chunks of %i)",
  async (step) => {
    const { written, state, gate, context } = setUp();
    const small = step === 7 ? files().filter((file) => file.size < 1000 && file.offset < 20) : files();
    const size = small.reduce((sum, file) => sum + file.size, 0);
    await restoreObject(cut(whole.subarray(0, size), step), small, gate, context);
    expect([...written].sort()).toEqual(small.map((_, i) => [`f${i}`, contents[i]]));
    expect(state.writesWhileClosed).toBe(0);
    expect(context.trace.snapshot().bytesReleased).toBe(BigInt(size));
    if (step === 65_536) expect(state.waits).toBeGreaterThan(0);
  },
);

it.each<[string, Buffer]>([
  ["shorter than its files", whole.subarray(0, -1)],
  ["longer than its files", Buffer.concat([whole, Buffer.from("x")])],
  ["of other content", Buffer.concat([Buffer.from("F"), whole.subarray(1)])],
])("refuses an object that is %s", async (_, bytes) => {
  const { gate, context } = setUp();
  await expect(restoreObject(cut(bytes, 65_536), files(), gate, context)).rejects.toMatchObject({ code: "BACKUP_CORRUPT" });
});

it("writes nothing of a small file whose content is not what was backed up", async () => {
  const { written, gate, context } = setUp();
  const bytes = Buffer.from(whole);
  bytes.write("SECOND", 5);
  await expect(restoreObject(cut(bytes, 65_536), files(), gate, context)).rejects.toMatchObject({ code: "BACKUP_CORRUPT" });
  expect(written.has("f3")).toBe(false);
});

it("refuses a file that fills its object and is not what was backed up", async () => {
  const { gate, context } = setUp();
  const [large] = files().filter((file) => file.size > 1024 * 1024);
  const alone = { ...(large as FileEntry), offset: 0 };
  const right = whole.subarray(large?.offset ?? 0, (large?.offset ?? 0) + alone.size);
  await restoreObject(cut(right, 65_536), [alone], gate, context);
  const wrong = Buffer.from(right);
  wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 1, wrong.length - 1);
  await expect(restoreObject(cut(wrong, 65_536), [alone], gate, context)).rejects.toMatchObject({ code: "BACKUP_CORRUPT" });
});
