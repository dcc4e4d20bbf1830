import type { KeyView, SimulatorControl } from "@ekm/mock-aws";
import { callAsOwner } from "../../aws/call-as-owner.js";
import { UsageError } from "../../commands/exit-status.js";
import type { Vendor } from "../world/grant.js";
import { type Snapshot, takeSnapshot } from "../world/world.js";
import { Refused } from "./refused.js";

/** Where acts happen. */
export interface Place {
  readonly endpoint: string;
  readonly simulator: SimulatorControl;
  /** Policies as they were before their grant was taken out here, by the key's ARN. */
  readonly policies: Map<string, string>;
  vendor(): Vendor | undefined;
  /** Ids of the product's accounts that use the key. */
  accountsUnder(keyArn: string): readonly string[];
}

/** What was done, for people, and which keys it was about. */
export interface Done {
  readonly said: string;
  readonly keys: readonly string[];
}

export const snapshotOf = ({ simulator }: Place): Promise<Snapshot> => takeSnapshot(simulator);

export async function keyOf(place: Place, arn: string): Promise<{ readonly key: KeyView; readonly name: string }> {
  const { keys, accounts } = await snapshotOf(place);
  const key = keys.get(arn);
  if (!key) throw new Refused("There is no such key.");
  return { key, name: `the key of ${accounts.get(key.accountId)?.name ?? key.accountId}` };
}

/** A signed call by the key's owner: AWS may refuse it, as it would in earnest. */
export async function asOwner(
  { endpoint }: Place,
  arn: string,
  operation: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await callAsOwner(endpoint, arn, operation, more).catch((error: unknown) => {
    if (error instanceof UsageError) throw new Refused(`AWS refused ${operation} by the key's owner: ${error.message}`);
    throw error;
  });
}

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
