import { accountNotFound, scope } from "../access/authorize.js";
import type { Activation } from "../accounts/account.js";
import { accountForWrite, saveAccount } from "../accounts/write-account.js";
import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import { accountEntity } from "../idempotency/entity.js";
import { idempotent } from "../idempotency/idempotent.js";
import { boundedText } from "../input/bounded-text.js";
import type { Ports } from "../ports/ports.js";
import type { UseCases } from "../use-cases.js";

const MAX_TICKET_LENGTH = 200;
const MAX_DAYS = 3650;
const DAY_MS = 24 * 3600 * 1000;

/** Support only. Again before enabling: sets a new expiry, and the ticket if one is given; who activated first, and when, stays. */
export function activateEkm(ports: Pick<Ports, "store" | "clock">): UseCases["activateEkm"] {
  const { store, clock } = ports;
  return idempotent(ports, "activateEkm", accountEntity(ports), async (caller, input, claim) => {
    const scoped = scope(caller, "activateEkm", input.accountId);
    if (!scoped.ok) return scoped;
    const ticket = ticketOf(input.ticket);
    if (!ticket.ok) return fail(ticket.error);
    const { expiresInDays } = input;
    if (expiresInDays !== undefined && !(Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= MAX_DAYS)) {
      return fail([rejection("INPUT_INVALID", `Between 1 and ${MAX_DAYS} whole days are allowed.`, ["input", "expiresInDays"])]);
    }

    return store.transaction(async (tx) => {
      const now = clock.now();
      const account = await accountForWrite(tx, scoped.value, now);
      if (!account) return fail(accountNotFound());
      const { ekm } = account;
      if (ekm.status === "ENABLED" || ekm.status === "ROTATING") return fail([rejection("EKM_ALREADY_ENABLED")]);

      const earlier = ekm.status === "ACTIVATED" ? ekm.activation : undefined;
      const chosenTicket = ticket.value ?? earlier?.ticket;
      const activation: Activation = {
        activatedAt: earlier?.activatedAt ?? now,
        activatedBy: earlier?.activatedBy ?? caller.subject,
        ...(chosenTicket === undefined ? {} : { ticket: chosenTicket }),
        ...(expiresInDays === undefined ? {} : { expiresAt: new Date(now.getTime() + expiresInDays * DAY_MS) }),
      };
      const saved = await saveAccount(tx, { ...account, ekm: { status: "ACTIVATED", activation } });
      await tx.audit.append(account.id, now, {
        actor: caller.subject,
        action: "EKM_ACTIVATED",
        outcome: "DONE",
        subject: account.id,
        detail: describe(earlier !== undefined, activation),
        awsRequestIds: [],
      });
      await claim.complete(tx, saved);
      return ok(saved);
    });
  });
}

const ticketOf = (ticket: string | undefined): Outcome<string | undefined, readonly Rejection[]> =>
  ticket === undefined ? ok(undefined) : boundedText(ticket, MAX_TICKET_LENGTH, "ticket");

function describe(again: boolean, { ticket, expiresAt }: Activation): string {
  const what = again ? "The activation was changed" : "Enterprise Key Management was activated";
  const until = expiresAt ? `, to be used before ${expiresAt.toISOString()}` : ", without an expiry";
  return `${what}${until}${ticket ? ` (ticket ${ticket})` : ""}.`;
}
