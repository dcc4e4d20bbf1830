import type { Account } from "../accounts/account.js";
import { probeAccountKey } from "../health/probe-account-key.js";
import type { Ports } from "../ports/ports.js";
import type { WorkerUseCases } from "./worker-use-cases.js";

/** Probes under way at once: keys that do not answer hold up only a part of the rest. */
const CONCURRENCY = 16;

/** A probe that throws (a bug, a lost database) does not keep the others from theirs; the first error is thrown at the end. */
export function probeDueAccounts(
  ports: Pick<Ports, "store" | "clock" | "ids" | "keyService" | "settings">,
): WorkerUseCases["probeDueAccounts"] {
  const probe = probeAccountKey(ports);
  return async (limit) => {
    const before = new Date(ports.clock.now().getTime() - ports.settings.healthIntervalSeconds * 1000);
    const due = [...(await ports.store.read.accounts.dueForProbe(before, limit))];
    const errors: unknown[] = [];
    let probed = 0;
    const lane = async (): Promise<void> => {
      for (let account: Account | undefined = due.shift(); account !== undefined; account = due.shift()) {
        try {
          if ((await probe(account)) !== null) probed++;
        } catch (error) {
          errors.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    if (errors.length > 0) throw errors[0];
    return probed;
  };
}
