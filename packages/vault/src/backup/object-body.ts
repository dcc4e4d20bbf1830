import { OWN_OBJECT_FROM } from "../manifest/manifest.js";
import type { Pacer } from "../pacing/pacer.js";
import type { Progress } from "../pacing/progress.js";
import { type FileFacts, type ReadFacts, readSmallSourceFile, readSourceFile } from "../sources/directory/read-source-file.js";
import { mapAhead } from "../streams/map-ahead.js";
import type { ObjectPlan, PlannedFile } from "./plan-objects.js";

/** Small files that are read at a time. */
const READ_AHEAD = 8;

export interface BodyContext {
  readonly root: string;
  readonly pacer: Pacer;
  readonly progress: Progress;
}

export interface ObjectBody {
  /** The plaintext: the files, one after the other. */
  readonly body: AsyncGenerator<Uint8Array>;
  /** Once the body has flowed: completes the files' places in the manifest. `sha256` is the digest of all that flowed. */
  fill(sha256: string): void;
}

export function objectBody(plan: ObjectPlan, context: BodyContext): ObjectBody {
  const [file] = plan.files;
  if (plan.shared || file === undefined) return { body: sharedBody(plan, context), fill: () => {} };
  let read: ReadFacts | undefined;
  const body = ownBody(file, context, (facts) => {
    read = facts;
  });
  return {
    body,
    fill(sha256) {
      if (read === undefined) throw new Error("a file was sealed before it was read to its end");
      file.sealed = placed({ ...read, sha256 }, plan.number, 0);
    },
  };
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
