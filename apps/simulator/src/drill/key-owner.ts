import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../experiments/duration.js";
import { HarnessFailure } from "../runner/outcome.js";
import type { AwsLog } from "./aws-log.js";
import type { SeenHealth } from "./key-health.js";

/** When a change took effect in AWS. Where AWS cannot be asked it lies between two times that the product names. */
export interface Effective {
  readonly earliest: number;
  readonly latest: number;
  readonly by: "aws" | "product";
}

/** Who may change the key. Both acts resolve once they are in effect; rejects with HarnessFailure where that never came. */
export interface KeyOwner {
  readonly isPerson: boolean;
  disable(signal: AbortSignal): Promise<Effective>;
  enable(signal: AbortSignal): Promise<Effective>;
  /** Tells a person how to enable the key, without waiting for it. */
  remindToEnable(): void;
}

const exactly = (at: number): Effective => ({ earliest: at, latest: at, by: "aws" });

/** The drill acts itself, with the owner's credentials that the simulator hands out. `call` answers when the act took effect. */
export function simulatedOwner(call: (operation: "DisableKey" | "EnableKey") => Promise<number>): KeyOwner {
  return {
    isPerson: false,
    disable: async () => exactly(await call("DisableKey")),
    enable: async () => exactly(await call("EnableKey")),
    remindToEnable: () => {},
  };
}

export interface PersonOptions {
  readonly keyArn: string;
  readonly region: string;
  /** Where the AWS CLI must be pointed at, when that is not AWS. */
  readonly endpoint?: string;
  /** How long the person may take for each act. */
  readonly waitMs: number;
  readonly log?: AwsLog;
  readonly health: () => Promise<SeenHealth>;
  readonly say: (text: string) => void;
}

const LOOK_MS = 500;

/** Somebody with the rights to the key: they are asked, and what comes of it is seen in AWS's log or in the product. */
export function askedOwner(options: PersonOptions): KeyOwner {
  const { log, health, say, waitMs } = options;
  const cli = (act: "disable-key" | "enable-key"): string =>
    `aws kms ${act} --key-id ${options.keyArn} --region ${options.region}${
      options.endpoint === undefined ? "" : ` --endpoint-url ${options.endpoint}`
    }`;
  const ask = (act: "disable-key" | "enable-key"): void =>
    say(`The key's owner now runs (waiting ${formatDuration(waitMs)} at most):\n\n  ${cli(act)}\n`);

  async function until(what: string, signal: AbortSignal, look: () => Promise<Effective | undefined>): Promise<Effective> {
    for (const deadline = Date.now() + waitMs; Date.now() < deadline; ) {
      const seen = await look();
      if (seen) return seen;
      await sleep(LOOK_MS, undefined, { signal });
    }
    throw new HarnessFailure(
      `The key was not seen ${what} within ${formatDuration(waitMs)}: nobody ran the command, or it failed.`,
    );
  }

  return {
    isPerson: true,
    disable(signal) {
      const askedAt = Date.now();
      ask("disable-key");
      return until("disabled", signal, async () => {
        const at = log?.becameAt("Disabled", askedAt);
        if (at !== undefined) return exactly(at);
        if (log) return undefined;
        const { state, since, lastUsableAt } = await health();
        // The key worked when it was last used: the owner acted after that, and before it was first refused.
        if (state === "UNUSABLE") return { earliest: Math.max(askedAt, lastUsableAt ?? 0), latest: since, by: "product" };
        return undefined;
      });
    },
    enable(signal) {
      const askedAt = Date.now();
      ask("enable-key");
      return until("enabled", signal, async () => {
        const at = log?.becameAt("Enabled", askedAt);
        if (at !== undefined) return exactly(at);
        if (log) return undefined;
        const { state, since } = await health();
        return state === "HEALTHY" ? { earliest: askedAt, latest: since, by: "product" } : undefined;
      });
    },
    remindToEnable: () => say(`The key may still be disabled. To enable it:\n\n  ${cli("enable-key")}\n`),
  };
}
