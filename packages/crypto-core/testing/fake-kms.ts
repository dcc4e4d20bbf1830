import { ACCOUNT_KEY_LENGTH, AccountKey, type LeaseClock, type Unwrap, type UnwrapOutcome } from "../src/index.js";

export type Answer = "unwrapped" | "refused" | "unavailable" | "throws" | "unwrapped-other";

export interface Call {
  readonly monotonicMs: number;
  readonly wallMs: number;
  answer(answer: Answer): void;
}

/** Unwraps one key, as told: at once by `plan`, or when the test answers a call of `pending`. Failures carry the call's number. */
export class FakeKms {
  readonly calls: Call[] = [];
  readonly pending: Call[] = [];
  readonly given: AccountKey[] = [];
  mostAtOnce = 0;
  /** Answers for the calls to come; the last one stays. Empty: calls stay pending. */
  plan: Answer[] = [];

  constructor(private readonly clock: LeaseClock) {}

  readonly unwrap: Unwrap<string> = () =>
    new Promise((resolve, reject) => {
      const number = this.calls.length + 1;
      const call: Call = {
        monotonicMs: this.clock.monotonicMs(),
        wallMs: this.clock.wallMs(),
        answer: (answer) => {
          this.pending.splice(this.pending.indexOf(call), 1);
          if (answer === "throws") reject(new Error(`bug ${number}`));
          else resolve(this.#outcome(answer, number));
        },
      };
      this.calls.push(call);
      this.pending.push(call);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.pending.length);
      const planned = this.plan.length > 1 ? this.plan.shift() : this.plan[0];
      if (planned !== undefined) call.answer(planned);
    });

  #outcome(answer: Exclude<Answer, "throws">, number: number): UnwrapOutcome<string> {
    if (answer === "refused" || answer === "unavailable") return { kind: answer, failure: `${answer} ${number}` };
    const key = AccountKey.takeOver(Buffer.alloc(ACCOUNT_KEY_LENGTH, answer === "unwrapped" ? 1 : 2));
    this.given.push(key);
    return { kind: "unwrapped", key };
  }
}
