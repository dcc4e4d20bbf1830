import { accountNotFound, scope } from "../access/authorize.js";
import { effectiveEkm, refuseUnactivated } from "../accounts/effective-ekm.js";
import { rejection } from "../errors/catalog.js";
import { fail, ok } from "../errors/outcome.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";
import { probeAccountKey } from "./probe-account-key.js";

/** Probes the account's customer key now. A key that does not work is a health, not a rejection. */
export function checkKeyHealth(ports: Pick<Ports, "store" | "clock" | "ids" | "keyService">): UseCases["checkKeyHealth"] {
  const probe = probeAccountKey(ports);
  return async (caller, input) => {
    const scoped = scope(caller, "checkKeyHealth", input.accountId);
    if (!scoped.ok) return scoped;
    const stored = await ports.store.read.accounts.byId(scoped.value);
    if (stored === null) return fail(accountNotFound());
    const account = effectiveEkm(stored, ports.clock.now());
    const unactivated = refuseUnactivated(account);
    if (unactivated !== null) return fail(unactivated);
    if (account.ekm.status === "ACTIVATED") return fail([rejection("EKM_NOT_ENABLED")]);
    const health = await probe(account);
    return health === null ? fail([rejection("JOB_CONFLICT")]) : ok(health);
  };
}
