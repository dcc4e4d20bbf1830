import { Worker } from "node:worker_threads";
import { CipherThreadLostError } from "./api.js";
import type { Answer, Begin, Request } from "./protocol.js";

// The tests run from the sources, which no thread of this Node can load: their threads run what was built.
const FILE = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/pool/cipher-thread.js" : "./cipher-thread.js",
  import.meta.url,
);

/** Of the thread's own objects, which are small: frames lie outside. A small young generation keeps it so. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: CipherThreadLostError) => void;
}

/** A session's end on the main thread. */
export interface PoolSession {
  /** `bytes` is shared memory, to be left alone until the answer. Rejects with CipherThreadLostError. */
  work(bytes: Uint8Array, last: boolean): Promise<Answer>;
  end(): void;
}

/** One thread of the pool, seen from the main thread. It keeps the process alive only while an answer is awaited. */
export class CipherThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting[]>();
  #expected = 0;
  #lost: CipherThreadLostError | null = null;

  constructor(onExit: () => void) {
    this.#worker = new Worker(FILE, {
      name: "ekm-cipher",
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      resourceLimits: LIMITS,
    });
    this.#worker.unref();
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#lose(error));
    this.#worker.on("exit", () => {
      this.#lose();
      onExit();
    });
  }

  /** Messages under way. */
  get sessions(): number {
    return this.#waiting.size;
  }

  begin(begin: Omit<Begin, "type">): PoolSession {
    const { session } = begin;
    const waiting: Waiting[] = [];
    this.#waiting.set(session, waiting);
    this.#send({ type: "begin", ...begin });
    return {
      work: (bytes, last) =>
        new Promise((resolve, reject) => {
          if (this.#lost !== null) return reject(this.#lost);
          waiting.push({ resolve, reject });
          if (this.#expected++ === 0) this.#worker.ref();
          this.#send({ type: "work", session, bytes, last });
        }),
      end: () => {
        this.#waiting.delete(session);
        this.#send({ type: "end", session });
      },
    };
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: Request): void {
    if (this.#lost === null) this.#worker.postMessage(request);
  }

  #settle(answer: Answer): void {
    const first = this.#waiting.get(answer.session)?.shift();
    if (first === undefined) return;
    if (--this.#expected === 0) this.#worker.unref();
    first.resolve(answer);
  }

  #lose(cause?: unknown): void {
    this.#lost ??= new CipherThreadLostError("a cipher thread has ended", { cause });
    this.#expected = 0;
    for (const waiting of this.#waiting.values()) for (const { reject } of waiting.splice(0)) reject(this.#lost);
  }
}
