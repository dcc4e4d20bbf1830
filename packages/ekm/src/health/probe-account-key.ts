import type { Account } from "../accounts/account.js";
import { problem } from "../errors/catalog.js";
import { problemOf } from "../errors/problem-of.js";
import type { CanaryWrap } from "../keys/generation.js";
import type { KmsFailure, KmsOutcome } from "../ports/key-service.js";
import type { Ports } from "../ports/ports.js";
import { makeCanary } from "./canary.js";
import type { KeyHealth } from "./health.js";
import type { Observation } from "./next-health.js";
import { openCanary } from "./open-canary.js";
import { customerKeyOf, recordObservation } from "./record-observation.js";

type ProbePorts = Pick<Ports, "store" | "clock" | "ids" | "keyService">;

/**
 * Uses the account's customer key for real and records the result as its health. Null: the account has no customer key
 * (Cloud Key Management), or changed it meanwhile. A locked account's key is not called. Throws StoreError only.
 */
export function probeAccountKey(ports: ProbePorts) {
  const record = recordObservation(ports);
  return async (account: Account): Promise<KeyHealth | null> => {
    const key = customerKeyOf(account);
    if (key === null) return null;
    const call = { accountId: account.id, keyArn: key.arn, sentAt: ports.clock.now() };
    if (account.keyLock) return record({ ...call, observation: { kind: "locked", problem: problem("KEYS_LOCKED") } });

    const opened = await openAccountCanary(ports, account.id, key.arn);
    const observation: Observation = opened.ok ? { kind: "usable" } : await failureSeen(ports, account.id, key.arn, opened.error);
    const awsRequestId = opened.ok ? opened.awsRequestId : opened.error.awsRequestId;
    return record({ ...call, observation, ...(awsRequestId === undefined ? {} : { awsRequestId }) });
  };
}

/** An account without a canary under this key gets one. */
async function openAccountCanary(ports: ProbePorts, accountId: string, keyArn: string): Promise<KmsOutcome<"opened">> {
  const stored = await ports.store.read.keys.canary(accountId, keyArn);
  if (stored !== null) return openCanary(ports, stored);
  const made = await makeCanary(ports, accountId, keyArn);
  if (!made.ok) return made;
  const opened = await openCanary(ports, made.value);
  if (opened.ok) await keep(ports, made.value);
  return opened;
}

const keep = ({ store }: ProbePorts, canary: CanaryWrap): Promise<void> => store.transaction((tx) => tx.keys.putCanary(canary));

/**
 * After a refusal DescribeKey may know more: a disabled key that is pending deletion, and until when. A policy may forbid
 * DescribeKey while it allows the rest, so its own failure means nothing.
 */
async function failureSeen(
  { keyService }: ProbePorts,
  accountId: string,
  keyArn: string,
  failure: KmsFailure,
): Promise<Observation> {
  const seen = { kind: "failed", failureClass: failure.failureClass, problem: problemOf(failure) } as const;
  if (failure.failureClass !== "refusal") return seen;
  const described = await keyService.describeKey(keyArn, accountId);
  if (!described.ok || described.value.arn !== keyArn) return seen;
  const { state, deletionDate } = described.value;
  if (state !== "PendingDeletion" && state !== "PendingReplicaDeletion") return seen;
  return {
    ...seen,
    problem: { ...seen.problem, ...problem("KEY_PENDING_DELETION", { keyArn }) },
    ...(deletionDate === undefined ? {} : { deletionDate }),
  };
}
