import type { FaultRule } from "@ekm/faults";
import { formatDuration } from "../../experiments/duration.js";
import { isSwitch, type KeyFault, keyFaults, ruleInWords, rulesFor } from "../world/faults.js";
import { type Done, keyOf, type Place, sentence } from "./place.js";

export interface Wanted {
  readonly fault: KeyFault;
  readonly on: boolean;
  /** How much slower. */
  readonly ms: number;
}

export async function setFault(place: Place, arn: string, { fault, on, ms }: Wanted): Promise<Done> {
  const { name } = await keyOf(place, arn);
  const { faults } = place.simulator;
  const before = await faults.list();
  const change = fault === "slow" ? { slowMs: on ? ms : 0 } : { [fault]: on };
  await faults.remove(before.filter((rule) => rule.keyArn === arn && isSwitch(rule)));
  await faults.add(rulesFor(arn, { ...keyFaults(before, arn), ...change }));
  const what = {
    unreachable: "connections about it are reset",
    throttled: "AWS answers ThrottlingException",
    slow: `AWS answers ${formatDuration(ms)} late`,
  }[fault];
  return { said: sentence(on ? `${name}: ${what}` : `${name} is no longer ${fault}`), keys: [arn] };
}

export async function removeRule({ simulator }: Place, rule: FaultRule): Promise<Done> {
  await simulator.faults.remove([rule]);
  return { said: `Fault rule removed: ${ruleInWords(rule)}.`, keys: rule.keyArn === undefined ? [] : [rule.keyArn] };
}
