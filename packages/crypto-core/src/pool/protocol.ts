import type { KeyObject } from "node:crypto";
import type { MessageFault } from "../message/api.js";

/**
 * What the pool and its threads say to each other. A session is one message; its content key goes over as a KeyObject, which is
 * a handle: its bytes are never serialised. The account key never leaves the main thread.
 */
export type Request = Begin | Work | End;

export interface Begin {
  readonly type: "begin";
  readonly session: number;
  readonly way: "seal" | "open";
  readonly contentKey: KeyObject;
  readonly messageId: Uint8Array;
  readonly frameLength: number;
  /** Whether the plaintext's digest is wanted. */
  readonly digest: boolean;
  /** The account key's life: not 0 once it was destroyed. The thread looks before each frame. */
  readonly keyDestroyed: Int32Array;
  /** Not 0 once the stream was given up. The thread looks before each frame. */
  readonly givenUp: Int32Array;
}

/** Plaintext to seal or message bytes to open, in shared memory that stays as it is until the answer. */
export interface Work {
  readonly type: "work";
  readonly session: number;
  readonly bytes: Uint8Array;
  /** Nothing follows. */
  readonly last: boolean;
}

/** The thread forgets the session. Has no answer. */
export interface End {
  readonly type: "end";
  readonly session: number;
}

/** Exactly one to each work, in order. What was done before a failure comes with it. */
export interface Answer {
  readonly session: number;
  readonly chunks: readonly Uint8Array[];
  /** With the answer to the last work, when all went well: SHA-256 of the plaintext, hex, or null when it was not asked for. */
  readonly digest?: string | null;
  readonly failure?: Failure;
}

/** `fault`: a MessageError. `stopped`: the thread found one of the two flags set. Neither: a bug. */
export interface Failure {
  readonly message: string;
  readonly fault?: MessageFault;
  readonly stopped?: true;
}
