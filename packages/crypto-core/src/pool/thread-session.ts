import { createHash } from "node:crypto";
import { MessageError } from "../message/api.js";
import { ByteReader } from "../message/byte-reader.js";
import { wipe } from "../message/frame-cipher.js";
import type { FrameGate } from "../message/gate.js";
import { openFrames } from "../message/open.js";
import { sealFrames } from "../message/seal.js";
import type { Answer, Begin, Failure, Work } from "./protocol.js";

/** Chunks up to this size are joined with their neighbours: tag and next prefix then cost one hand-over. */
const SMALL = 64;

export interface ThreadSession {
  give(work: Work): void;
  /** Lets go of the stream and overwrites what it deciphered and did not hand over. */
  end(): void;
}

/** One message on a thread: runs the same frame streams as the main thread does, fed by work and drained by answers. */
export function startSession(begin: Begin, post: (answer: Answer) => void): ThreadSession {
  const { session, way } = begin;
  const key = { contentKey: begin.contentKey, messageId: begin.messageId };
  const isSet = (flag: Int32Array): boolean => Atomics.load(flag, 0) !== 0;
  const gate: FrameGate = {
    isOpen: () => !isSet(begin.keyDestroyed) && !isSet(begin.givenUp),
    waitUntilOpen: () =>
      Promise.reject(
        new StoppedError(isSet(begin.keyDestroyed) ? "this account key has been destroyed" : "the stream was given up"),
      ),
  };
  const plaintext = begin.digest ? createHash("sha256") : null;
  const [taken, given] = way === "seal" ? [plaintext, null] : [null, plaintext];
  const inbox: Work[] = [];
  let arrived = (): void => {};
  let ended = false;
  let finished = false;
  let chunks: Uint8Array[] = [];

  const answer = (rest: Omit<Answer, "session" | "chunks">): void => {
    post({ session, chunks, ...rest });
    chunks = [];
  };
  async function* works(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (ended) throw new StoppedError("the stream was given up");
      const work = inbox.shift();
      if (work === undefined) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
        continue;
      }
      taken?.update(work.bytes);
      yield work.bytes;
      if (work.last) return;
      answer({});
    }
  }
  async function run(): Promise<void> {
    const { frameLength } = begin;
    const frames =
      way === "seal"
        ? sealFrames(works(), { key, frameLength, gate })
        : openFrames(new ByteReader(works()), { key, frameLength, gate });
    try {
      for await (const chunk of frames) {
        given?.update(chunk);
        addTo(chunks, chunk);
      }
      finished = true;
      answer({ digest: plaintext?.digest("hex") ?? null });
    } catch (error) {
      finished = true;
      if (ended) wipe(chunks);
      else answer({ failure: failureOf(error) });
    }
    for (const _ of inbox.splice(0)) answer({ failure: failureOf(new StoppedError("the stream has ended")) });
  }
  void run();
  return {
    give(work) {
      if (finished) return answer({ failure: failureOf(new StoppedError("the stream has ended")) });
      inbox.push(work);
      arrived();
    },
    end() {
      ended = true;
      arrived();
    },
  };
}

class StoppedError extends Error {}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MessageError) return { message, fault: error.fault };
  return error instanceof StoppedError ? { message, stopped: true } : { message };
}

function addTo(chunks: Uint8Array[], chunk: Uint8Array): void {
  const last = chunks.at(-1);
  if (last === undefined || last.length > SMALL || chunk.length > SMALL) {
    chunks.push(chunk);
    return;
  }
  const joined = new Uint8Array(last.length + chunk.length);
  joined.set(last);
  joined.set(chunk, last.length);
  chunks[chunks.length - 1] = joined;
}
