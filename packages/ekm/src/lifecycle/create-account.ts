import { permit } from "../access/authorize.js";
import type { Account } from "../accounts/account.js";
import { fail, ok } from "../errors/outcome.js";
import { accountEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";

const MAX_NAME_LENGTH = 200;

/** Support only. Needs no KMS call: the account's vendor key and first generation are made when data first needs them. */
export function createAccount(ports: Pick<Ports, "store" | "clock" | "ids">): UseCases["createAccount"] {
  const { store, clock, ids } = ports;
  return idempotent(ports, "createAccount", accountEntity(ports), async (caller, input, claim) => {
    const permitted = permit(caller, "createAccount");
    if (!permitted.ok) return permitted;
    const name = boundedText(input.name, MAX_NAME_LENGTH, "name");
    if (!name.ok) return fail(name.error);

    const now = clock.now();
    const account: Account = {
      id: ids.next("acc"),
      name: name.value,
      createdAt: now,
      ekm: { status: "NOT_ACTIVATED" },
      keyEpoch: 1,
      version: 1,
    };
    await store.transaction(async (tx) => {
      await tx.accounts.insert(account);
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "ACCOUNT_CREATED",
        outcome: "DONE",
        subject: account.id,
        detail: "The account was created under Cloud Key Management.",
        awsRequestIds: [],
      });
      await claim.complete(tx, account);
    });
    return ok(account);
  });
}
