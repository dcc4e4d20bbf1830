import type { Caller } from "../access/caller.js";
import type { Ports } from "../ports/ports.js";
import type { Preflight } from "../preflight/run-preflight.js";

/** The entry KEY_VALIDATED: what came out, and every AWS request that it took. */
export async function auditValidation(
  { store, clock }: Pick<Ports, "store" | "clock">,
  caller: Caller,
  accountId: string,
  { decisive, key, awsRequestIds }: Preflight,
  purpose: string,
): Promise<void> {
  const result = decisive ? `The key cannot be used: ${decisive.code ?? decisive.check}.` : "The key can be used.";
  await store.transaction((tx) =>
    tx.audit.append(accountId, clock.now(), {
      actor: caller.subject,
      action: "KEY_VALIDATED",
      outcome: decisive ? "REFUSED" : "DONE",
      ...(key ? { subject: key.arn } : {}),
      detail: `${result} ${purpose}`,
      awsRequestIds,
    }),
  );
}
