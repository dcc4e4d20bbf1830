import { accountNotFound, type Refusal, scope } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account, TermsAcceptance } from "../accounts/account.js";
import { accountForWrite } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import type { Claim } from "../idempotency/claim.js";
import { accountEntity, type Entity } from "../idempotency/entity.js";
import { idempotentWithChecks } from "../idempotency/idempotent.js";
import { withIntent } from "../intents/with-intent.js";
import { createMover } from "../keys/move-generation.js";
import type { KeyRecord } from "../ports/key-records.js";
import type { Ports } from "../ports/ports.js";
import type { KeyCheck } from "../preflight/key-check.js";
import { recordRequestIds } from "../preflight/record-request-ids.js";
import { type Preflight, runPreflight } from "../preflight/run-preflight.js";
import { refuseConfirmation } from "../rotation/refuse-rotation.js";
import type { CheckedOutcome, UseCases } from "../use-cases.js";
import { auditValidation } from "./audit-validation.js";
import { commitSwitch } from "./enabling/commit.js";
import { type Prepared, type PrepareFailure, prepareSwitch } from "./enabling/prepare.js";
import { refuseState } from "./enabling/refuse-state.js";
import { CURRENT_TERMS } from "./terms.js";

type EnablePorts = Omit<Ports, "roots">;
type Enabled = { account: Account };
type EnableInput = Parameters<UseCases["enableEkm"]>[1];

/** Each attempt fails only because somebody else succeeded in writing. */
const MAX_ATTEMPTS = 5;
const MOST_NAMED = 20;

/**
 * Puts the account under the customer's key, for good. Until the one transaction that switches, the account stays as it was,
 * under the vendor's key; from it on it is under the customer's key alone. A crash in between leaves PENDING wraps that
 * serve nothing and that a repeat adopts.
 */
export function enableEkm(ports: EnablePorts): UseCases["enableEkm"] {
  return idempotentWithChecks(ports, "enableEkm", enabledEntity(ports), async (caller, input: EnableInput, claim) => {
    const admitted = await admit(ports, caller, input);
    if (!admitted.ok) return { ...admitted, checks: [] };
    const account = admitted.value;

    const preflight = await runPreflight(ports, account, input.keyArn);
    await auditValidation(ports, caller, account.id, preflight, "Asked for by enableEkm.");
    const { checks, decisive, key } = preflight;
    if (decisive || !key) {
      return refused([rejection(decisive?.code ?? "INTERNAL", decisive?.message, ["input", "keyArn"])], checks);
    }
    const acceptsLoss = input.acceptLossOfUnreadable !== undefined;
    return switchToCustomerKey(ports, { caller, accountId: account.id, keyArn: key.arn, acceptsLoss, preflight, claim });
  });
}

/** The result names the account. */
function enabledEntity(ports: EnablePorts): Entity<Enabled> {
  const accounts = accountEntity(ports);
  return {
    idOf: ({ account }) => account.id,
    accountIdOf: ({ account }) => account.id,
    async find(id) {
      const account = await accounts.find(id);
      return account && { account };
    },
  };
}

const refused = (error: Refusal, checks: readonly KeyCheck[]): CheckedOutcome<never> => ({ ok: false, error, checks });

async function admit(ports: EnablePorts, caller: Caller, input: EnableInput): Promise<Outcome<Account, Refusal>> {
  const scoped = scope(caller, "enableEkm", input.accountId);
  if (!scoped.ok) return scoped;
  const account = await ports.store.transaction((tx) => accountForWrite(tx, scoped.value, ports.clock.now()));
  if (!account) return fail(accountNotFound());
  const rejections = refuseState(account) ?? refuseConsent(input) ?? refuseConfirmation(account, input.acceptLossOfUnreadable);
  return rejections ? fail(rejections) : ok(account);
}

function refuseConsent({ acceptedTermsVersion, confirmIrreversible }: EnableInput): readonly Rejection[] | null {
  const rejections: Rejection[] = [];
  if (acceptedTermsVersion !== CURRENT_TERMS.version) {
    const code = acceptedTermsVersion.trim() === "" ? "TERMS_NOT_ACCEPTED" : "TERMS_VERSION_OUTDATED";
    rejections.push(rejection(code, undefined, ["input", "acceptedTermsVersion"]));
  }
  if (!confirmIrreversible) rejections.push(rejection("CONFIRMATION_MISSING", undefined, ["input", "confirmIrreversible"]));
  return rejections.length > 0 ? rejections : null;
}

interface Switching {
  readonly caller: Caller;
  readonly accountId: string;
  readonly keyArn: string;
  readonly acceptsLoss: boolean;
  readonly preflight: Preflight;
  readonly claim: Claim<Enabled>;
}

function switchToCustomerKey(ports: EnablePorts, switching: Switching): Promise<CheckedOutcome<Enabled>> {
  const { accountId, keyArn } = switching;
  return withIntent(ports, { accountId, purpose: "ENABLE", keyArn }, async () => {
    const { keyService, awsRequestIds } = recordRequestIds(ports.keyService);
    const value = await prepareAndCommit({ ...ports, keyService }, switching, awsRequestIds);
    return { value, done: value.ok, awsRequestIds };
  });
}

async function prepareAndCommit(
  ports: EnablePorts,
  { caller, accountId, keyArn, acceptsLoss, preflight, claim }: Switching,
  awsRequestIds: readonly string[],
): Promise<CheckedOutcome<Enabled>> {
  const { checks } = preflight;
  const giveUp = async (rejections: readonly Rejection[], outcome: "REFUSED" | "FAILED") => {
    await auditNotEnabled(ports, caller, { accountId, keyArn, rejections, outcome, awsRequestIds });
    return refused(rejections, checks);
  };
  const { store } = ports;
  const vendorArn = (await store.read.accounts.byId(accountId))?.vendorKey?.arn;
  const arns = { fromArn: vendorArn ?? keyArn, toArn: keyArn };
  const mover = createMover(ports, arns);
  const lookAnew = (records: readonly KeyRecord[]) => createMover({ ...ports, keyRecords: { list: async () => records } }, arns);
  const loss = acceptsLoss && vendorArn !== undefined ? { vendorArn, lookAnew } : undefined;
  const acceptance: Omit<TermsAcceptance, "acceptedAt"> = {
    version: CURRENT_TERMS.version,
    sha256: CURRENT_TERMS.sha256,
    acceptedBy: caller.subject,
  };

  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const preparation = await prepareSwitch(ports, { accountId, keyArn, mover, ...(loss && { loss }) });
    if (preparation.kind === "stale") continue;
    if (preparation.kind === "refused") return giveUp(preparation.rejections, "REFUSED");
    if (preparation.kind === "failed")
      return giveUp([keyFailed(preparation, keyArn, await store.read.backups.countByGeneration(accountId))], "FAILED");
    const { prepared } = preparation;
    if (!(await writeKeyRecords(ports, prepared))) return giveUp([rejection("STORAGE_UNAVAILABLE")], "FAILED");
    const end = await commitSwitch(ports, { accountId, keyArn, preflight, prepared, acceptance, awsRequestIds, claim });
    if (end.kind === "refused") return giveUp(end.rejections, "REFUSED");
    if (end.kind === "enabled") return { ok: true, value: { account: end.account }, checks };
  }
  return giveUp([rejection("JOB_CONFLICT")], "FAILED");
}

/** A refusal by any key but the customer's is by ours, and never the customer's fault. */
function keyFailed(
  { failure, generations }: PrepareFailure,
  customerKeyArn: string,
  backups: ReadonlyMap<number, bigint>,
): Rejection {
  const { code, message, keyArn: refusing, failureClass } = failure;
  if (generations.length > 0) return rejection(code, `${message} ${namesOf(generations, backups)} ${WAY_OUT}`);
  if (refusing === customerKeyArn) return rejection(code, message, ["input", "keyArn"]);
  return failureClass === "refusal" || failureClass === "input" ? rejection("VENDOR_AWS_FAULT") : rejection(code, message);
}

const WAY_OUT = "To go on without them, repeat the account's name in acceptLossOfUnreadable.";

function namesOf(generations: readonly number[], backups: ReadonlyMap<number, bigint>): string {
  const name = (generation: number) => `${generation} (${backups.get(generation) ?? 0n} backup(s))`;
  const names = generations.slice(0, MOST_NAMED).map(name).join(", ");
  const more = generations.length > MOST_NAMED ? ` and ${generations.length - MOST_NAMED} more` : "";
  return `Account key generation(s) at fault: ${names}${more}.`;
}

/** Before the switch: from it on these are the records that the key stands beside the backups with. False: the store cannot be used. */
async function writeKeyRecords({ keyRecords }: EnablePorts, { wraps }: Prepared): Promise<boolean> {
  try {
    for (const { wrap, checkValue } of wraps) await keyRecords.put(wrap, checkValue);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "StorageError") return false;
    throw error;
  }
}

interface NotEnabled {
  readonly accountId: string;
  readonly keyArn: string;
  readonly rejections: readonly Rejection[];
  readonly outcome: "REFUSED" | "FAILED";
  readonly awsRequestIds: readonly string[];
}

async function auditNotEnabled({ store, clock }: EnablePorts, caller: Caller, end: NotEnabled): Promise<void> {
  const codes = end.rejections.map(({ code }) => code).join(", ");
  await store.transaction((tx) =>
    tx.audit.append(end.accountId, clock.now(), {
      actor: caller.subject,
      action: "EKM_ENABLED",
      outcome: end.outcome,
      subject: end.keyArn,
      detail: `Enterprise Key Management was not enabled: ${codes}. The account is as it was.`,
      awsRequestIds: end.awsRequestIds,
    }),
  );
}
