import { type AuditEvent, readAuditLog } from "../product/audit.js";
import { HarnessFailure } from "./outcome.js";
import type { AccountHandle, World } from "./world.js";

/** As the account's own admin sees it, oldest first. */
export async function auditLogOf(world: World, account: AccountHandle, action?: string): Promise<readonly AuditEvent[]> {
  const answer = await readAuditLog(await world.session("ACCOUNT_ADMIN", account), account.id, action);
  if (!answer.ok) throw new HarnessFailure(`Reading the audit log failed: ${answer.error.code} ${answer.error.message}`);
  if (!answer.data) throw new HarnessFailure(`The admin of ${account.name} does not see the account.`);
  return answer.data;
}
