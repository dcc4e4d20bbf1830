import { SYSTEM } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import { saveAccount } from "../accounts/write-account.js";
import type { Problem } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { KeyRotation } from "./rotation.js";
import { pausedByKey } from "./transitions.js";

export interface NewRotation {
  /** ENABLED, read in this transaction. */
  readonly account: Account;
  readonly toArn: string;
  readonly toMultiRegion: boolean;
  readonly toWarnings: readonly string[];
  readonly startedBy: string;
  readonly acceptsLoss: boolean;
  /** How the keys will be moved: a sentence for the audit log. */
  readonly way: string;
  /** The refusal of the current key: the rotation begins PAUSED and goes on by itself. */
  readonly refusal?: Problem;
}

/** Rotation, account, audit entry and job, in the caller's transaction. */
export async function beginRotation(
  tx: Repositories,
  { clock, ids }: Pick<Ports, "clock" | "ids">,
  { account, toArn, startedBy, acceptsLoss, way, refusal, ...key }: NewRotation,
): Promise<KeyRotation> {
  const { ekm } = account;
  if (ekm.status !== "ENABLED") throw new Error("only an enabled account can begin a rotation");
  const now = clock.now();
  const generations = await tx.keys.generations(account.id);
  // Left behind by an enabling that was given up: it serves nothing, and what this rotation writes is its own.
  await tx.keys.deleteWraps(account.id, toArn, "PENDING");
  const under = (await tx.keys.wraps(account.id)).filter((wrap) => wrap.keyArn === toArn);
  const running: KeyRotation = {
    id: ids.next("rot"),
    accountId: account.id,
    fromArn: ekm.key.arn,
    toArn,
    ...key,
    status: "RUNNING",
    rewrapped: under.length,
    total: generations.length,
    startedAt: now,
    startedBy,
    acceptsLoss,
  };
  const rotation = refusal === undefined ? running : (pausedByKey(running, refusal, now) ?? running);
  await tx.rotations.insert(rotation);
  await saveAccount(tx, { ...account, ekm: { ...ekm, status: "ROTATING", rotationId: rotation.id } });
  await tx.jobs.enqueue({ id: ids.next("job"), kind: "ROTATION", accountId: account.id, subjectId: rotation.id, at: now });

  const loss = acceptsLoss ? " The loss of what the current key does not open is accepted." : "";
  await tx.audit.append(account.id, now, {
    actor: startedBy,
    action: "ROTATION_STARTED",
    outcome: "DONE",
    subject: rotation.id,
    detail: `From ${rotation.fromArn} to ${toArn}: ${generations.length} generation(s). ${way}${loss}`,
    awsRequestIds: [],
  });
  if (refusal !== undefined) {
    await tx.audit.append(account.id, now, {
      actor: SYSTEM.subject,
      action: "ROTATION_PAUSED",
      outcome: "REFUSED",
      subject: rotation.id,
      detail: `The current key refuses with ${refusal.code}. The rotation goes on by itself once it works.`,
      awsRequestIds: refusal.awsRequestId === undefined ? [] : [refusal.awsRequestId],
    });
  }
  return rotation;
}
