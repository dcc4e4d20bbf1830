import type { SimulatedClock } from "../clock.js";
import type { Accounts, Caller } from "../front/accounts.js";
import { AwsFault } from "../front/aws-fault.js";
import type { EventLog } from "../front/events.js";
import type { Ids } from "../ids.js";
import type { Aliases } from "../keys/aliases.js";
import type { CustomKeyStores } from "../keys/custom-key-stores.js";
import type { Grants } from "../keys/grants.js";
import type { EncryptionContext, KeyCondition, KeyRecord } from "../keys/key.js";
import type { KeyRegistry } from "../keys/registry.js";
import type { Upstream } from "../upstream/upstream.js";
import type { ImportTokens } from "./import/import-tokens.js";
import type { Shape } from "./input.js";

export type ConditionValues = Readonly<Record<string, string | readonly string[]>>;

/** One key that an operation wants to use: authorised on its own, in the order given. */
export interface KeyUse {
  /** `kms:Decrypt` */
  readonly action: string;
  /** As the caller names it, or the ciphertext that names it. */
  readonly key: string | { readonly ofCiphertext: Buffer };
  readonly context?: EncryptionContext | undefined;
  /** Whether AWS lets the operation work on another account's key at all. */
  readonly crossAccount: boolean;
  /** Whether an alias may stand for the key; default no. */
  readonly alias?: boolean;
  readonly grantTokens?: readonly string[] | undefined;
  /** Further condition keys. */
  readonly conditions?: ConditionValues | undefined;
}

/** Something that the caller's identity policies must allow, beside what it needs on keys. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: ConditionValues | undefined;
}

/** A key that the caller may use, as the caller sees it. */
export interface KeyInCall {
  readonly record: KeyRecord;
  readonly condition: KeyCondition;
  /** The id of the grant without which the caller might not. */
  readonly grantId: string | null;
}

/** The simulated AWS, as far as operations need it. */
export interface OperationServices {
  readonly caller: Caller;
  readonly region: string;
  readonly accounts: Accounts;
  readonly keys: KeyRegistry;
  readonly aliases: Aliases;
  readonly grants: Grants;
  readonly stores: CustomKeyStores;
  readonly imports: ImportTokens;
  readonly upstream: Upstream;
  readonly clock: SimulatedClock;
  readonly events: EventLog;
  readonly ids: Ids;
}

export interface OperationResult {
  /** Members without a value are not written. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds on the wall clock at which callers see the change that the operation made. */
  readonly effectiveAt?: number;
}

/** A KMS operation. `run` gets one key per use, resolved and authorised; it checks their state. */
export interface Operation<I> {
  readonly name: string;
  readonly input: Shape<I>;
  uses(input: I): readonly KeyUse[];
  permissions?(input: I, where: { readonly accountId: string; readonly region: string }): readonly Permission[];
  run(input: I, keys: readonly KeyInCall[], services: OperationServices): Promise<OperationResult | AwsFault>;
}

/** An operation with its input bound, so that the front need not know its type. */
export interface BoundOperation {
  readonly uses: readonly KeyUse[];
  permissions(where: { readonly accountId: string; readonly region: string }): readonly Permission[];
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
      return {
        uses: operation.uses(input),
        permissions: (where) => operation.permissions?.(input, where) ?? [],
        run: (keys, services) => operation.run(input, keys, services),
      };
    },
  };
}

/** For an operation that uses as many keys as it declared: the front has resolved each. */
export function keyAt(keys: readonly KeyInCall[], index: number): KeyInCall {
  const key = keys[index];
  if (key === undefined) throw new Error(`the operation declared no key ${index}`);
  return key;
}

/** For an operation on one key of the caller's own account, by its id or ARN. */
export const ownKey = (action: string, key: string, conditions?: ConditionValues): readonly KeyUse[] => [
  { action, key, crossAccount: false, conditions },
];

/** For an operation without a key. */
export const anywhere = (action: string, conditions?: ConditionValues): readonly Permission[] => [
  { action, resource: "*", conditions },
];

/** Condition keys that have a value. */
export function conditionValues(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): ConditionValues {
  const known: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) known[name] = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  }
  return known;
}
