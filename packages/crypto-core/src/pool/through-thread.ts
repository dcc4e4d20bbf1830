import { MessageError } from "../message/api.js";
import { wipe } from "../message/frame-cipher.js";
import type { FrameGate } from "../message/gate.js";
import type { Batches } from "./batches.js";
import type { PoolSession } from "./cipher-thread-handle.js";
import type { Answer, Failure } from "./protocol.js";

interface Passage {
  readonly session: PoolSession;
  readonly givenUp: Int32Array;
  readonly gate: FrameGate;
  /** What comes out is plaintext: to be overwritten when it is not released. */
  readonly secret: boolean;
}

/**
 * Sends batches through a thread, one being worked on while the next is gathered. The gate is asked before a batch goes to the
 * thread and before each chunk comes out, so that nothing done under a key that ended meanwhile is seen. However the stream
 * ends, no work of it runs on afterwards.
 */
export async function* throughThread(
  batches: Batches,
  { session, givenUp, gate, secret }: Passage,
): AsyncGenerator<Uint8Array, string | null> {
  const underWay: Promise<Answer>[] = [];
  async function* release({ chunks, failure, digest }: Answer): AsyncGenerator<Uint8Array, string | null | undefined> {
    const rest = [...chunks];
    try {
      for (let chunk = rest[0]; chunk !== undefined; chunk = rest[0]) {
        while (!gate.isOpen()) await gate.waitUntilOpen();
        rest.shift();
        yield chunk;
      }
    } finally {
      if (secret) wipe(rest);
    }
    if (failure !== undefined) throw await errorOf(failure, gate);
    return digest;
  }
  const answered = (): Promise<Answer> => underWay.shift() as Promise<Answer>;
  try {
    for await (const { bytes, last } of batches.all) {
      while (!gate.isOpen()) await gate.waitUntilOpen();
      const work = session.work(bytes, last);
      work.catch(() => {}); // seen when its turn comes, or after an earlier failure
      underWay.push(work);
      if (underWay.length > 1) yield* release(await answered());
    }
    const digest = yield* release(await answered());
    if (digest === undefined) throw new Error("a thread ended a message without saying so");
    return digest;
  } finally {
    Atomics.store(givenUp, 0, 1);
    for (const { chunks = [] } of await settled(underWay)) if (secret) wipe(chunks);
    session.end();
    await batches.release();
  }
}

async function settled(answers: readonly Promise<Answer>[]): Promise<Partial<Answer>[]> {
  return (await Promise.allSettled(answers)).map((answer) => (answer.status === "fulfilled" ? answer.value : {}));
}

/** A thread that stopped before a frame saw an end that the gate knows more of. */
async function errorOf({ fault, message, stopped }: Failure, gate: FrameGate): Promise<Error> {
  if (fault !== undefined) return new MessageError(fault, message);
  if (stopped) while (!gate.isOpen()) await gate.waitUntilOpen();
  return new Error(message);
}
