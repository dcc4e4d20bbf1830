import { AccountKey, type FrameGate, GateClosedError } from "@ekm/crypto-core";
import type { KeyAccess, SealingKey } from "../src/ports/key-access.js";

/** Keys without a key service: a fixed key per generation, behind a gate that a test closes. */
export interface TestKeys extends KeyAccess<string> {
  /** Gates reject from now on, and nothing new is handed out. */
  close(reason: string): void;
  reopen(): void;
  /** The current generation takes this many more wraps, then the next one begins. */
  limitWraps(count: number): void;
  /** Why the gates are closed; undefined while they are open. */
  readonly closedBy: string | undefined;
  /** Keys handed out and not yet released. */
  readonly held: number;
  /** Times that a gate was asked. */
  readonly asked: number;
  /** Called at each question to a gate; may close it. */
  onAsk: (() => void) | undefined;
}

export function createTestKeys(): TestKeys {
  const keys = new Map<number, AccountKey>();
  let closedBy: string | undefined;
  let current = 1;
  let wrapsLeft = Number.POSITIVE_INFINITY;
  let held = 0;
  let asked = 0;
  const keyOf = (generation: number): AccountKey => {
    const key = keys.get(generation) ?? AccountKey.generate();
    keys.set(generation, key);
    return key;
  };
  const gate: FrameGate = {
    isOpen() {
      asked++;
      self.onAsk?.();
      return closedBy === undefined;
    },
    async waitUntilOpen() {
      if (closedBy !== undefined) throw new GateClosedError(closedBy);
    },
  };
  const hold = (generation: number): SealingKey => {
    held++;
    return {
      generation,
      key: keyOf(generation),
      gate,
      release: () => {
        held--;
      },
      takeWrap: async () => {
        if (wrapsLeft > 0) {
          wrapsLeft--;
          return true;
        }
        if (generation === current) current++;
        wrapsLeft = Number.POSITIVE_INFINITY;
        return false;
      },
    };
  };
  const self: TestKeys = {
    forSealing: async () => (closedBy === undefined ? { ok: true, value: hold(current) } : { ok: false, error: closedBy }),
    forReading: async (_accountId, generation) =>
      closedBy === undefined ? { ok: true, value: hold(generation) } : { ok: false, error: closedBy },
    close: (reason) => {
      closedBy = reason;
    },
    reopen: () => {
      closedBy = undefined;
    },
    limitWraps: (count) => {
      wrapsLeft = count;
    },
    get closedBy() {
      return closedBy;
    },
    get held() {
      return held;
    },
    get asked() {
      return asked;
    },
    onAsk: undefined,
  };
  return self;
}
