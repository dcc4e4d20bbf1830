import type { AccountView, KeyView } from "@ekm/mock-aws";
import { isGranted } from "../world/grant.js";
import type { Snapshot } from "../world/world.js";
import { reinstateAccount } from "./accounts.js";
import { restoreGrant } from "./grants.js";
import { cancelDeletion, enableKey } from "./keys.js";
import { type Done, type Place, snapshotOf } from "./place.js";
import { Refused } from "./refused.js";

/** Everything of an account: active, its keys enabled and granted, nothing between them and their callers. */
export async function repairAccount(place: Place, id: string): Promise<Done> {
  const snapshot = await snapshotOf(place);
  const account = snapshot.accounts.get(id);
  if (!account) throw new Refused("There is no such AWS account.");
  const { simulator } = place;
  const own = snapshot.rules.filter(({ keyArn, accountId }) => accountId === id || keyArn?.split(":")[4] === id);
  if (own.length > 0) await simulator.faults.remove(own);
  return sum([...(await repairOne(place, account, snapshot)), ...own.map(() => done("a fault rule removed"))], account.name);
}

/** Every account, and whatever else is in the way. The accounts of the demo that were broken on purpose are repaired too. */
export async function repairAll(place: Place): Promise<Done> {
  const snapshot = await snapshotOf(place);
  const { faults, effects } = place.simulator;
  const all: Done[] = [];
  if (snapshot.rules.length > 0) {
    await faults.clear();
    const keys = snapshot.rules.flatMap(({ keyArn }) => keyArn ?? []);
    all.push({ said: `${counted(snapshot.rules.length, "fault rule")} removed`, keys });
  }
  if (snapshot.latencyMs > 0) {
    await effects.set({});
    all.push(done("no more latency"));
  }
  for (const account of snapshot.accounts.values()) all.push(...(await repairOne(place, account, snapshot)));
  return sum(all, "Repaired");
}

const done = (said: string): Done => ({ said, keys: [] });
const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** The account first: its administrator can do nothing while it is suspended. */
async function repairOne(place: Place, account: AccountView, { keys }: Snapshot): Promise<Done[]> {
  const all: Done[] = [];
  if (account.status !== "ACTIVE") all.push(await reinstateAccount(place, account.id));
  for (const key of keys.values()) {
    if (key.accountId === account.id) all.push(...(await repairKey(place, key)));
  }
  return all;
}

async function repairKey(place: Place, { arn, state, policy }: KeyView): Promise<Done[]> {
  const all: Done[] = [];
  const attempt = async (act: () => Promise<Done>): Promise<void> => {
    // What cannot be mended is said, and the rest is mended all the same.
    const result = await act().catch((error: unknown) => {
      if (error instanceof Refused) return done(`not repaired: ${error.message}`);
      throw error;
    });
    all.push(result);
  };
  if (state === "PendingDeletion") await attempt(() => cancelDeletion(place, arn));
  if (state === "PendingDeletion" || state === "Disabled") await attempt(() => enableKey(place, arn));
  if (state === "Unavailable")
    await attempt(async () => {
      await place.simulator.keys.setState(arn, { state: "Enabled" });
      return { said: "A key is available again.", keys: [arn] };
    });
  const vendor = place.vendor();
  const isOwn = place.policies.has(arn) || place.accountsUnder(arn).length > 0;
  if (vendor && isOwn && !isGranted(policy, vendor)) await attempt(() => restoreGrant(place, arn));
  return all;
}

function sum(all: readonly Done[], title: string): Done {
  if (all.length === 0) return done("There was nothing to repair.");
  const failed = all.filter(({ said }) => said.startsWith("not repaired"));
  const things = counted(all.length - failed.length, "thing");
  return {
    said: [`${title}: ${things} put right.`, ...failed.map(({ said }) => said)].join(" "),
    keys: [...new Set(all.flatMap(({ keys }) => keys))],
  };
}
