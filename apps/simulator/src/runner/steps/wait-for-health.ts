import type { Reference } from "../../experiments/fields.js";
import type { Span } from "../../experiments/moment.js";
import { readAccount } from "../../product/accounts.js";
import type { KeyHealthState } from "../../product/types.js";
import { HarnessFailure, HELD, type StepOutcome } from "../outcome.js";
import type { World } from "../world.js";

const LIMIT_MS = 120_000;
const POLL_MS = 100;

/** Until the product itself says so of the account's key, without a probe being asked for. */
export async function waitForHealth(
  wait: { readonly health: Reference<"account">; readonly state: KeyHealthState; readonly within?: Span | undefined },
  world: World,
): Promise<StepOutcome> {
  const account = world.account(wait.health);
  const admin = await world.session("ACCOUNT_ADMIN", account);
  const deadline = Date.now() + (wait.within ? world.spanMs(wait.within) : LIMIT_MS);
  for (;;) {
    const answer = await readAccount(admin, account.id);
    if (!answer.ok) throw new HarnessFailure(`Reading the account failed: ${answer.error.code} ${answer.error.message}`);
    const state = answer.data.account?.ekm?.key?.health.state;
    if (state === wait.state) return HELD;
    if (Date.now() >= deadline)
      throw new HarnessFailure(`The situation never arose: ${account.name}'s key is ${state ?? "not there"}.`);
    await world.sleep(POLL_MS);
  }
}
