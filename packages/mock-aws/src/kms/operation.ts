import type { SimulatedClock } from "../clock.js";
import type { Caller } from "../front/accounts.js";
import { AwsFault } from "../front/aws-fault.js";
import type { EventLog } from "../front/events.js";
import type { Ids } from "../ids.js";
import type { EncryptionContext, KeyCondition, KeyRecord } from "../keys/key.js";
import type { KeyRegistry } from "../keys/registry.js";
import type { Upstream } from "../upstream/upstream.js";
import type { Shape } from "./input.js";

/** One key that an operation wants to use: authorised on its own, in the order given. */
export interface KeyUse {
  /** `kms:Decrypt` */
  readonly action: string;
  /** As the caller names it, or the ciphertext that names it. */
  readonly key: string | { readonly ofCiphertext: Buffer };
  readonly context?: EncryptionContext | undefined;
  /** Whether AWS lets the operation work on another account's key at all. */
  readonly crossAccount: boolean;
  /** Further condition keys. */
  readonly conditions?: Readonly<Record<string, string>>;
}

/** A key that the caller may use, as the caller sees it. */
export interface KeyInCall {
  readonly record: KeyRecord;
  readonly condition: KeyCondition;
}

export interface OperationServices {
  readonly caller: Caller;
  readonly region: string;
  readonly keys: KeyRegistry;
  readonly upstream: Upstream;
  readonly clock: SimulatedClock;
  readonly events: EventLog;
  readonly ids: Ids;
}

export interface OperationResult {
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds on the wall clock at which callers see the change that the operation made. */
  readonly effectiveAt?: number;
}

/** A KMS operation. `run` gets one key per use, resolved and authorised; it checks their state. */
export interface Operation<I> {
  readonly name: string;
  readonly input: Shape<I>;
  uses(input: I): readonly KeyUse[];
  run(input: I, keys: readonly KeyInCall[], services: OperationServices): Promise<OperationResult | AwsFault>;
}

/** An operation with its input bound, so that the front need not know its type. */
export interface BoundOperation {
  readonly uses: readonly KeyUse[];
  run(keys: readonly KeyInCall[], services: OperationServices): Promise<OperationResult | AwsFault>;
}

export interface AnyOperation {
  readonly name: string;
  bind(input: Readonly<Record<string, unknown>>): BoundOperation | AwsFault;
}

export function defineOperation<I>(operation: Operation<I>): AnyOperation {
  return {
    name: operation.name,
    bind(raw) {
      const input = operation.input.parse(raw);
      if (input instanceof AwsFault) return input;
      return { uses: operation.uses(input), run: (keys, services) => operation.run(input, keys, services) };
    },
  };
}

/** For an operation that uses as many keys as it declared: the front has resolved each. */
export function keyAt(keys: readonly KeyInCall[], index: number): KeyInCall {
  const key = keys[index];
  if (key === undefined) throw new Error(`the operation declared no key ${index}`);
  return key;
}
