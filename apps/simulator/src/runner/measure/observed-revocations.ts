import type { Experiment } from "../../experiments/schema.js";
import type { Backup, Restore } from "../../product/types.js";
import type { AccountHandle, World } from "../world.js";
import { observeRevocation } from "./observed-revocation.js";
import type { Revocation } from "./revocation.js";

/**
 * What the method did to each account's key, told from AWS's log, and the last plaintext of that account's jobs after it. Accounts
 * that are not enabled from the start, or whose key was rotated, are left out: their jobs may rightly go on under another key.
 */
export async function observedRevocations(
  world: World,
  { given }: Experiment,
  methodBeganAt: number,
): Promise<readonly Revocation[]> {
  const found: Revocation[] = [];
  for (const account of world.accounts.values()) {
    const key = account.keyName === undefined ? undefined : world.keys.get(account.keyName);
    if (!key || given.accounts[account.name]?.ekm !== "enabled" || world.rotations.isKnownFor(account)) continue;
    const history = {
      calls: world.refusals.callsOn(key.arn),
      changes: world.refusals.changesOf([key.arn, key.owner.id]),
      accountId: account.id,
    };
    const observed = observeRevocation(history, methodBeganAt);
    if (!observed) continue;
    const { act, t0, t1, until } = observed;
    const t2 = await lastPlaintext(world, account, until);
    const limitMs = world.spanMs({ ms: 0, named: ["revocation-window"] });
    found.push({ job: `jobs of ${account.name}`, act, t0, t1, t2, limitMs, measuredBy: "self-reported" });
  }
  return found;
}

/** By the product's own word: the harness watches the directories of labelled jobs only. */
async function lastPlaintext(world: World, account: AccountHandle, until: number): Promise<number | undefined> {
  const times: number[] = [];
  for (const job of world.jobs.ofAccount(account)) {
    const { lastByteReleasedAt, lastSealedAt } = (await world.jobs.read(job)) as Partial<Restore & Backup>;
    times.push(...[lastByteReleasedAt, lastSealedAt].flatMap((at) => (at ? [Date.parse(at)] : [])));
  }
  const counted = times.filter((at) => at <= until);
  return counted.length > 0 ? Math.max(...counted) : undefined;
}
