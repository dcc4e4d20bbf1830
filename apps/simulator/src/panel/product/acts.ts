import { z } from "zod";
import { type Answer, createSession, type Session } from "../../product/graphql.js";
import { startBackup, startRestore } from "../../product/jobs.js";
import { checkKeyHealth } from "../../product/keys.js";
import type { UserError } from "../../product/types.js";
import { Refused } from "../acts/refused.js";
import type { ProductDoor, Seen } from "./look.js";

/** What can be asked of the product for an account. */
export const productAct = z.strictObject({ do: z.enum(["backup", "restore", "check"]), accountId: z.string().min(1).max(100) });
export type ProductAct = z.infer<typeof productAct>;

const TIME_OUT_MS = 30_000;

/** As the account's admin; answers what came of it, for people. Throws Refused. */
export async function actOnProduct(
  door: ProductDoor,
  seen: readonly Seen[],
  { do: what, accountId }: ProductAct,
): Promise<string> {
  const account = seen.find(({ id }) => id === accountId);
  if (!account || !("account" in account)) throw new Refused("The product shows no such account.");
  const token = await door.token("ACCOUNT_ADMIN", accountId);
  if (token === undefined) throw new Refused("There is no token of this account's admin.");
  const signal = AbortSignal.timeout(TIME_OUT_MS);
  const session = createSession(door.gatewayUrl, token, () => signal);
  const { name, sources, succeeded } = account.account;
  switch (what) {
    case "backup": {
      const [source] = sources.nodes;
      if (!source) throw new Refused(`${name} has registered nothing to back up.`);
      done("startBackup", await startBackup(session, { accountId, sourceId: source.id }));
      return `${name}: a backup of "${source.name}" is started.`;
    }
    case "restore": {
      const [backup] = succeeded.nodes;
      if (!backup) throw new Refused(`${name} has no backup that succeeded.`);
      done("startRestore", await startRestore(session, { backupId: backup.id }));
      return `${name}: a restore of its last good backup is started.`;
    }
    case "check":
      return check(session, accountId, name);
  }
}

async function check(session: Session, accountId: string, name: string): Promise<string> {
  const { health } = done("checkKeyHealth", await checkKeyHealth(session, { accountId }));
  if (!health) return `${name}: the product has not answered how its key is.`;
  const reason = health.problem ? ` (${health.problem.code})` : "";
  return `${name}: the product finds the key ${health.state}${reason}.`;
}

function done<K extends string, P extends { readonly userErrors: readonly UserError[] }>(
  mutation: K,
  answer: Answer<Record<K, P>>,
): P {
  if (!answer.ok) throw new Refused(`The product refused: ${answer.error.code}, ${answer.error.message}`);
  const payload = answer.data[mutation];
  const [error] = payload.userErrors;
  if (error) throw new Refused(`The product refused: ${error.code}, ${error.message}`);
  return payload;
}
