import type { Decision } from "./plan.js";
import type { EffectName, FaultError } from "./rule.js";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How the service should carry out a call that goes through. */
export interface Variation {
  /** As it would have been before the last change of the key. */
  readonly stale?: boolean;
  /** The answer names another key than the one used. */
  readonly wrongKey?: boolean;
}

/** One call in flight, as an effect sees it; the service's server implements it. Exactly one of the ends is used, once. */
export interface Exchange {
  /** Carries the call out and gives its answer, an error answer included. */
  proceed(variation?: Variation): Promise<Answer>;
  /** The error in the service's own wire format. */
  errorAnswer(error: FaultError): Answer;
  send(answer: Answer): void;
  /** Announces the whole answer, sends the first `bytes` of its body and breaks the connection. */
  sendPart(answer: Answer, bytes: number): void;
  /** Breaks the connection with a reset, without an answer. */
  reset(): void;
  /** Says nothing until the caller goes away. */
  hold(): Promise<void>;
}

/** One failure. The latency has passed when it is applied. */
export interface Effect {
  readonly name: EffectName;
  apply(decision: Decision, exchange: Exchange): Promise<void>;
}
