import type { Account } from "../accounts/account.js";
import { saveAccount } from "../accounts/write-account.js";
import { problem } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Problem } from "../errors/outcome.js";
import { problemOf } from "../errors/problem-of.js";
import { traced, withIntent } from "../intents/with-intent.js";
import type { KeyringPorts } from "./keyring-ports.js";
import { protectingKeyArn } from "./protecting-key.js";

/**
 * The account's protecting key, making the vendor's own key of this account at its first need. Two processes may both make
 * one: the first to save wins, and the other is an orphan that protects nothing.
 */
export async function ensureProtectingKey(ports: KeyringPorts, account: Account): Promise<Outcome<string, Problem>> {
  const known = protectingKeyArn(account);
  if (known !== null) return ok(known);
  const made = await withIntent(ports, { accountId: account.id, purpose: "VENDOR_KEY" }, async () =>
    traced(await ports.vendorKeys.createKey(account.id)),
  );
  if (!made.ok) return fail(problemOf(made.error));
  return ports.store.transaction(async (tx) => {
    const current = await tx.accounts.byId(account.id);
    if (current === null) return fail(problem("ACCOUNT_NOT_FOUND"));
    const winner = protectingKeyArn(current);
    if (winner !== null) return ok(winner);
    const { arn } = made.value;
    await saveAccount(tx, { ...current, vendorKey: { arn, createdAt: ports.clock.now() } });
    return ok(arn);
  });
}
