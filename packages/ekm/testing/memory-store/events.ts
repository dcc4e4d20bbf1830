import type { EventRepository } from "../../src/ports/event-store.js";
import type { Tables } from "./state.js";

export const memoryEvents = ({ read, write }: Tables): EventRepository => ({
  async append(event, progress) {
    const { events, eventHeads } = write();
    const { accountId, kind, subject } = event;
    if (progress) {
      for (const [key, kept] of events) {
        if (kept.progress && kept.accountId === accountId && kept.kind === kind && kept.subject === subject) events.delete(key);
      }
    }
    const head = eventHeads.get(accountId) ?? { sequence: 0, forgottenTo: 0 };
    const sequence = head.sequence + 1;
    const appended = { ...event, sequence };
    events.set(`${accountId}/${sequence}`, { ...appended, progress });
    eventHeads.set(accountId, { ...head, sequence });
    return appended;
  },
  async heads(accountIds) {
    const { eventHeads } = read();
    return new Map(accountIds.flatMap((id) => [eventHeads.get(id)].flatMap((head) => (head ? [[id, head] as const] : []))));
  },
  async since(accountId, afterSequence, limit) {
    return [...read().events.values()]
      .filter((event) => event.accountId === accountId && event.sequence > afterSequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit)
      .map(({ progress: _, ...event }) => event);
  },
  async deleteBefore(before, limit) {
    const { events, eventHeads } = write();
    const old = [...events]
      .filter(([, { at }]) => at < before)
      .sort(([, a], [, b]) => a.at.getTime() - b.at.getTime() || a.sequence - b.sequence)
      .slice(0, limit);
    for (const [key, { accountId, sequence }] of old) {
      events.delete(key);
      const head = eventHeads.get(accountId);
      if (head) eventHeads.set(accountId, { ...head, forgottenTo: Math.max(head.forgottenTo, sequence) });
    }
    return old.length;
  },
});
