import type { SuspensionProfile } from "@ekm/mock-aws";
import { type Done, type Place, snapshotOf } from "./place.js";
import { Refused } from "./refused.js";

const ANSWERS: Readonly<Record<SuspensionProfile, string>> = {
  "cross-account-denied": "AccessDeniedException",
  "invalid-state": "KMSInvalidStateException",
  "not-found": "NotFoundException",
};

export async function suspendAccount(place: Place, id: string, profile: SuspensionProfile): Promise<Done> {
  const { name, keys } = await accountOf(place, id);
  await place.simulator.accounts.setStatus(id, { status: "SUSPENDED", profile });
  return { said: `AWS has suspended the account ${name}: its keys answer others with ${ANSWERS[profile]}.`, keys };
}

export async function reinstateAccount(place: Place, id: string): Promise<Done> {
  const { name, keys } = await accountOf(place, id);
  await place.simulator.accounts.setStatus(id, { status: "ACTIVE" });
  return { said: `The AWS account ${name} is active again.`, keys };
}

async function accountOf(place: Place, id: string): Promise<{ readonly name: string; readonly keys: readonly string[] }> {
  const { accounts, keys } = await snapshotOf(place);
  const account = accounts.get(id);
  if (!account) throw new Refused("There is no such AWS account.");
  return { name: account.name, keys: [...keys.values()].filter(({ accountId }) => accountId === id).map(({ arn }) => arn) };
}
