import { accountNotFound, scope } from "../access/authorize.js";
import { refuseUnactivated } from "../accounts/effective-ekm.js";
import { accountForWrite } from "../accounts/write-account.js";
import type { Ports } from "../ports/ports.js";
import { type PreflightPorts, runPreflight } from "../preflight/run-preflight.js";
import type { UseCases } from "../use-cases.js";
import { auditValidation } from "./audit-validation.js";

/** Dry run of enabling or rotating: uses the key for real and saves nothing but an entry in the audit log. */
export function validateKmsKey(ports: PreflightPorts & Pick<Ports, "clock">): UseCases["validateKmsKey"] {
  const { store, clock } = ports;
  return async (caller, input) => {
    const scoped = scope(caller, "validateKmsKey", input.accountId);
    if (!scoped.ok) return { ...scoped, checks: [] };
    const account = await store.transaction((tx) => accountForWrite(tx, scoped.value, clock.now()));
    if (!account) return { ok: false, error: accountNotFound(), checks: [] };
    const unactivated = refuseUnactivated(account);
    if (unactivated) return { ok: false, error: unactivated, checks: [] };

    const preflight = await runPreflight(ports, account, input.keyArn);
    await auditValidation(ports, caller, account.id, preflight, "Asked for by validateKmsKey.");
    return { ok: true, value: { usable: preflight.usable }, checks: preflight.checks };
  };
}
