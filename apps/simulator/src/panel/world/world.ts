import type { FaultRule } from "@ekm/faults";
import type { AccountView, KeyView, SimulatorControl } from "@ekm/mock-aws";
import { isSwitch, type KeyFaults, keyFaults, ruleInWords } from "./faults.js";
import { isGranted, type Vendor } from "./grant.js";

/** The simulated AWS as the panel shows it. No credentials. */
export interface WorldView {
  readonly accounts: readonly AccountCard[];
  /** Rules that no switch shows. */
  readonly rules: readonly { readonly text: string; readonly rule: FaultRule }[];
  /** Milliseconds before every call. */
  readonly latencyMs: number;
  /** What "repair all" would do. */
  readonly repairs: readonly string[];
  /** Accounts beyond those that are shown. */
  readonly leftOut: number;
}
export interface AccountCard {
  readonly id: string;
  readonly name: string;
  readonly status: AccountView["status"];
  readonly profile: AccountView["profile"];
  readonly isVendor: boolean;
  readonly keys: readonly KeyCard[];
  /** What is out of order, in short. */
  readonly troubles: readonly string[];
}
export interface KeyCard
  extends Pick<KeyView, "arn" | "id" | "region" | "description" | "state" | "visibleState" | "deletionDate"> {
  /** Null where nobody knows who the vendor is. */
  readonly granted: boolean | null;
  readonly faults: KeyFaults;
  readonly troubles: readonly string[];
}

/** What is known of the simulated AWS at a moment: enough to say why a call was refused, and what would mend it. */
export interface Snapshot {
  readonly accounts: ReadonlyMap<string, AccountView>;
  readonly keys: ReadonlyMap<string, KeyView>;
  readonly rules: readonly FaultRule[];
  readonly latencyMs: number;
}

const MOST_ACCOUNTS = 200;

export async function takeSnapshot({ accounts, keys, faults, effects }: SimulatorControl): Promise<Snapshot> {
  const [allAccounts, allKeys, rules, { latency }] = await Promise.all([
    accounts.list(),
    keys.list(),
    faults.list(),
    effects.get(),
  ]);
  return {
    accounts: new Map(allAccounts.map((account) => [account.id, account])),
    keys: new Map(allKeys.map((key) => [key.arn, key])),
    rules,
    latencyMs: latency ?? 0,
  };
}

export function viewOf(snapshot: Snapshot, vendor: Vendor | undefined): WorldView {
  const all = [...snapshot.accounts.values()];
  const cards = all.slice(0, MOST_ACCOUNTS).map((account) => accountCard(account, snapshot, vendor));
  const named = (arn: string): string => {
    const owner = arn.split(":")[4] ?? "";
    return `the key of ${snapshot.accounts.get(owner)?.name ?? owner}`;
  };
  const rules = snapshot.rules.filter((rule) => !isSwitch(rule)).map((rule) => ({ text: ruleInWords(rule, named), rule }));
  const { latencyMs } = snapshot;
  const repairs = [
    ...cards.flatMap(({ name, troubles }) => troubles.map((trouble) => `${name}: ${trouble}`)),
    ...rules.map(({ text }) => `fault rule: ${text}`),
    ...(latencyMs > 0 ? [`every call ${latencyMs} ms late`] : []),
  ];
  return { accounts: cards, rules, latencyMs, repairs, leftOut: all.length - cards.length };
}

function accountCard({ id, name, status, profile }: AccountView, snapshot: Snapshot, vendor: Vendor | undefined): AccountCard {
  const isVendor = vendor === undefined ? name === "vendor" : id === vendor.accountId;
  const own = [...snapshot.keys.values()].filter((key) => key.accountId === id);
  const keys = own.map((key) => keyCard(key, snapshot.rules, isVendor ? undefined : vendor));
  const several = keys.length > 1;
  const troubles = [
    ...(status === "ACTIVE" ? [] : [`AWS account ${status.toLowerCase().replace("_", " ")}`]),
    ...keys.flatMap((key) => key.troubles.map((trouble) => (several ? `${trouble} (${nameOf(key)})` : trouble))),
  ];
  return { id, name, status, profile, isVendor, keys, troubles };
}

const nameOf = ({ description, id }: KeyCard): string => description || id.slice(0, 8);

function keyCard(key: KeyView, rules: readonly FaultRule[], vendor: Vendor | undefined): KeyCard {
  const { arn, id, region, description, state, visibleState, deletionDate } = key;
  const granted = vendor === undefined ? null : isGranted(key.policy, vendor);
  const faults = keyFaults(rules, arn);
  const troubles = [
    ...(state === "Enabled" ? [] : [`key ${STATES[state] ?? state}`]),
    ...(granted === false ? ["grant revoked"] : []),
    ...(faults.unreachable ? ["unreachable"] : []),
    ...(faults.throttled ? ["throttled"] : []),
    ...(faults.slowMs > 0 ? ["slow"] : []),
  ];
  return { arn, id, region, description, state, visibleState, deletionDate, granted, faults, troubles };
}

const STATES: Readonly<Partial<Record<KeyView["state"], string>>> = {
  Disabled: "disabled",
  PendingDeletion: "pending deletion",
  PendingReplicaDeletion: "pending deletion of its replicas",
  PendingImport: "without material",
  Unavailable: "unavailable",
};
