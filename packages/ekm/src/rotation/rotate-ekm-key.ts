import { accountNotFound, type Refusal, scope } from "../access/authorize.js";
import type { Caller } from "../access/caller.js";
import type { Account } from "../accounts/account.js";
import { accountForWrite } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import { problemOf } from "../errors/problem-of.js";
import { customerKeyOf } from "../health/record-observation.js";
import type { Claim } from "../idempotency/claim.js";
import { type Entity, rowEntity } from "../idempotency/entity.js";
import { idempotentWithChecks } from "../idempotency/idempotent.js";
import { auditValidation } from "../lifecycle/audit-validation.js";
import { lastingWarnings } from "../lifecycle/enabling/commit.js";
import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import type { KeyCheck } from "../preflight/key-check.js";
import { type Preflight, type PreflightPorts, runPreflight } from "../preflight/run-preflight.js";
import type { CheckedOutcome, UseCases } from "../use-cases.js";
import { beginRotation, type NewRotation } from "./begin-rotation.js";
import { proveCurrentKey } from "./probe-key.js";
import { refuseConfirmation, refuseState, refuseUnchanged } from "./refuse-rotation.js";
import type { KeyRotation } from "./rotation.js";

type RotatePorts = PreflightPorts & Pick<Ports, "clock">;
type RotateInput = Parameters<UseCases["rotateEkmKey"]>[1];
type Rotated = { rotation: KeyRotation };

/**
 * Begins to replace the account's key. The new key must prove itself here; the generations are moved by a worker, and until
 * its switch the account stays under the current key. A current key that refuses does not keep the rotation from being
 * begun: it waits, and goes on by itself.
 */
export function rotateEkmKey(ports: RotatePorts): UseCases["rotateEkmKey"] {
  return idempotentWithChecks(ports, "rotateEkmKey", rotatedEntity(ports), async (caller, input: RotateInput, claim) => {
    const admitted = await admit(ports, caller, input);
    if (!admitted.ok) return { ...admitted, checks: [] };
    const account = admitted.value;

    const preflight = await runPreflight(ports, account, input.keyArn);
    await auditValidation(ports, caller, account.id, preflight, "Asked for by rotateEkmKey.");
    const { checks, decisive, key } = preflight;
    if (decisive || !key) {
      return refused([rejection(decisive?.code ?? "INTERNAL", decisive?.message, ["input", "keyArn"])], checks);
    }
    const refusal = input.acceptLossOfUnreadable === undefined ? await refusalOfCurrentKey(ports, account) : undefined;
    return begin(
      ports,
      { caller, input, preflight, claim, accountId: account.id },
      {
        toArn: key.arn,
        toMultiRegion: checks.some((check) => check.check === "MULTI_REGION" && check.verdict === "WARN"),
        toWarnings: lastingWarnings(preflight),
        startedBy: caller.subject,
        acceptsLoss: input.acceptLossOfUnreadable !== undefined,
        way: wayOf(checks),
        ...(refusal === undefined ? {} : { refusal }),
      },
    );
  });
}

const refused = (error: Refusal, checks: readonly KeyCheck[]): CheckedOutcome<never> => ({ ok: false, error, checks });

function rotatedEntity({ store }: RotatePorts): Entity<Rotated> {
  const { accountIdOf, find, idOf } = rowEntity(store.read.rotations);
  return {
    idOf: ({ rotation }) => idOf(rotation),
    accountIdOf: ({ rotation }) => accountIdOf(rotation),
    async find(id) {
      const rotation = await find(id);
      return rotation && { rotation };
    },
  };
}

async function admit(ports: RotatePorts, caller: Caller, input: RotateInput): Promise<Outcome<Account, Refusal>> {
  const scoped = scope(caller, "rotateEkmKey", input.accountId);
  if (!scoped.ok) return scoped;
  const account = await ports.store.transaction((tx) => accountForWrite(tx, scoped.value, ports.clock.now()));
  if (!account) return fail(accountNotFound());
  const rejections = refuse(account, input);
  return rejections ? fail(rejections) : ok(account);
}

const refuse = (account: Account, input: RotateInput): readonly Rejection[] | null =>
  refuseState(account) ?? refuseUnchanged(account, input.keyArn) ?? refuseConfirmation(account, input.acceptLossOfUnreadable);

/** Only a definitive refusal makes the rotation wait; what is transient is the worker's to wait out. */
async function refusalOfCurrentKey(ports: RotatePorts, account: Account): Promise<NewRotation["refusal"]> {
  const current = customerKeyOf(account);
  const failure = current && (await proveCurrentKey(ports, account.id, current.arn));
  return failure?.failureClass === "refusal" ? problemOf(failure) : undefined;
}

function wayOf(checks: readonly KeyCheck[]): string {
  const check = checks.find((one) => one.check === "REENCRYPT");
  return check?.verdict === "PASS" ? "Keys are moved by ReEncrypt, within AWS KMS." : (check?.message ?? "");
}

interface Begin {
  readonly caller: Caller;
  readonly input: RotateInput;
  readonly accountId: string;
  readonly preflight: Preflight;
  readonly claim: Claim<Rotated>;
}

function begin(
  ports: RotatePorts,
  { input, accountId, preflight, claim }: Begin,
  fresh: Omit<NewRotation, "account">,
): Promise<CheckedOutcome<Rotated>> {
  const { checks } = preflight;
  return ports.store.transaction(async (tx) => {
    const account = await accountForWrite(tx, accountId, ports.clock.now());
    const rejections = account ? (refuse(account, input) ?? (await refuseTaken(tx, accountId, preflight))) : accountNotFound();
    if (!account || rejections) return refused(rejections ?? accountNotFound(), checks);
    const rotation = await beginRotation(tx, ports, { ...fresh, account });
    await claim.complete(tx, { rotation }, checks);
    return { ok: true, value: { rotation }, checks };
  });
}

/** Decided again here: another account may have taken the key since it was checked. */
async function refuseTaken(
  tx: Repositories,
  accountId: string,
  { contextBound, key }: Preflight,
): Promise<readonly Rejection[] | null> {
  if (contextBound || !key) return null;
  const others = await tx.accounts.usingKey(key.arn, accountId);
  return others.length > 0 ? [rejection("KEY_TAKEN", undefined, ["input", "keyArn"])] : null;
}
