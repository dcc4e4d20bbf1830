import { OWN_OBJECT_FROM } from "../manifest/manifest.js";
import type { Pacer } from "../pacing/pacer.js";
import type { Progress } from "../pacing/progress.js";
import { type FileFacts, readSmallSourceFile, readSourceFile } from "../sources/directory/read-source-file.js";
import { mapAhead } from "../streams/map-ahead.js";
import type { ObjectPlan } from "./plan-objects.js";

/** Small files that are read at a time. */
const READ_AHEAD = 8;

export interface BodyContext {
  readonly root: string;
  readonly pacer: Pacer;
  readonly progress: Progress;
}

/** The plaintext of one object: its files, one after the other. Fills in their places in the manifest as it goes. */
export function objectBody(plan: ObjectPlan, context: BodyContext): AsyncGenerator<Uint8Array> {
  return plan.shared ? sharedBody(plan, context) : ownBody(plan, context);
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

async function* ownBody(plan: ObjectPlan, { root, pacer, progress }: BodyContext): AsyncGenerator<Uint8Array> {
  for (const file of plan.files) {
    const chunks = readSourceFile(root, file.path, (facts) => {
      file.sealed = placed(facts, plan.number, 0);
    });
    for await (const chunk of chunks) {
      await pacer.ready();
      yield chunk;
      pacer.charge(chunk.length);
      progress.bytes(chunk.length);
    }
    progress.item();
  }
}

const placed = ({ mode, mtimeMs, size, sha256 }: FileFacts, object: number, offset: number) => ({
  mode,
  mtimeMs,
  size,
  sha256,
  object,
  offset,
});
