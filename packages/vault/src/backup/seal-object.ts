import { OWN_OBJECT_FROM } from "../manifest/manifest.js";
import type { Pacer } from "../pacing/pacer.js";
import type { Progress } from "../pacing/progress.js";
import { type FileFacts, type ReadFacts, readSmallSourceFile, readSourceFile } from "../sources/directory/read-source-file.js";
import { mapAhead } from "../streams/map-ahead.js";
import type { ObjectPlan, PlannedFile } from "./plan-objects.js";
import type { Sealer, SealOrder } from "./sealer.js";

/** Small files that are read at a time. */
const READ_AHEAD = 8;

export interface BodyContext {
  readonly root: string;
  readonly pacer: Pacer;
  readonly progress: Progress;
}

/**
 * Seals the files of one plan, one after the other, into one object, and completes their places in the manifest. Answers the
 * object's stored bytes. Small files are hashed one by one as they are read; a large one with the ciphers, off this thread.
 */
export async function sealObject(
  plan: ObjectPlan,
  sealer: Sealer,
  { name, gate }: Pick<SealOrder, "name" | "gate">,
  context: BodyContext,
): Promise<number> {
  const order = { name, plaintextBytes: plan.bytes, flush: "later", ...(gate && { gate }) } as const;
  const [file] = plan.files;
  if (plan.shared || file === undefined) return (await sealer.put({ ...order, body: sharedBody(plan, context) })).bytes;
  let read: ReadFacts | undefined;
  const body = ownBody(file, context, (facts) => {
    read = facts;
  });
  const stored = await sealer.putDigested({ ...order, body });
  if (read === undefined) throw new Error("a file was sealed before it was read to its end");
  file.sealed = placed({ ...(read as ReadFacts), sha256: stored.plaintextSha256 }, plan.number, 0);
  return stored.bytes;
}

async function* sharedBody(plan: ObjectPlan, { root, pacer, progress }: BodyContext): AsyncGenerator<Uint8Array> {
  let offset = 0;
  const reads = mapAhead(plan.files, READ_AHEAD, async (file) => ({
    file,
    ...(await readSmallSourceFile(root, file.path, OWN_OBJECT_FROM)),
  }));
  for await (const { file, bytes, facts } of reads) {
    await pacer.ready();
    if (bytes.length > 0) yield bytes;
    pacer.charge(bytes.length);
    file.sealed = placed(facts, plan.number, offset);
    offset += facts.size;
    progress.bytes(facts.size);
    progress.item();
  }
}

async function* ownBody(
  file: PlannedFile,
  { root, pacer, progress }: BodyContext,
  onRead: (facts: ReadFacts) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of readSourceFile(root, file.path, onRead)) {
    await pacer.ready();
    yield chunk;
    pacer.charge(chunk.length);
    progress.bytes(chunk.length);
  }
  progress.item();
}

const placed = ({ mode, mtimeMs, size, sha256 }: FileFacts, object: number, offset: number) => ({
  mode,
  mtimeMs,
  size,
  sha256,
  object,
  offset,
});
