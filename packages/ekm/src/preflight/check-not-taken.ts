import type { Store } from "../ports/store.js";
import type { Probe } from "./probe.js";

/** Whether the key's policy binds this account, as far as the probes showed. */
export const isContextBound = ({ report }: Pick<Probe, "report">): boolean =>
  report.passed("FOREIGN_CONTEXT_REFUSED") && report.passed("EMPTY_CONTEXT_REFUSED");

/**
 * KEY_NOT_TAKEN, last of all: only a key that has proved usable for this account learns that another account uses it. If the
 * policy binds this account's context, its owner meant this account too; if not, nothing proves that.
 */
export async function checkNotTaken({ key, report }: Probe, accountId: string, store: Store): Promise<void> {
  const others = await store.read.accounts.usingKey(key.arn, accountId);
  if (others.length === 0) report.pass("KEY_NOT_TAKEN", "No other account uses this key.");
  else if (isContextBound({ report })) {
    report.warn("KEY_NOT_TAKEN", "Another account also uses this key; disabling it stops both.", "KEY_TAKEN");
  } else report.fail("KEY_NOT_TAKEN", "KEY_TAKEN");
}
