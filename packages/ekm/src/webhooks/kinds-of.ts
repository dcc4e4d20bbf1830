import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import { WEBHOOK_EVENT_KINDS, type WebhookEventKind } from "./event-kinds.js";
import type { Webhook } from "./webhook.js";

/** The kinds as they are stored: all of them is "all", those to come too. INPUT_INVALID for none. */
export function storedKinds(kinds: readonly WebhookEventKind[]): Outcome<Pick<Webhook, "kinds">, readonly Rejection[]> {
  const chosen = WEBHOOK_EVENT_KINDS.filter((kind) => kinds.includes(kind));
  if (chosen.length === 0)
    return fail([rejection("INPUT_INVALID", "Name at least one kind, or leave `kinds` out for all.", ["input", "kinds"])]);
  return ok(chosen.length === WEBHOOK_EVENT_KINDS.length ? {} : { kinds: chosen });
}

export const kindsOf = ({ kinds }: Webhook): readonly WebhookEventKind[] => kinds ?? WEBHOOK_EVENT_KINDS;
