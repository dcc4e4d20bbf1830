import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChainHead, GENESIS_HASH, nextEvent, verifyChain } from "./chain.js";
import type { AuditEntry, AuditEvent } from "./event.js";

const ACCOUNT = "acc_1";
const entry = (n: number): AuditEntry => ({
  actor: "ada",
  action: "BACKUP",
  outcome: "DONE",
  ...(n % 2 === 0 ? { subject: `bkp_${n}` } : {}),
  detail: `Backup ${n}.`,
  awsRequestIds: n % 3 === 0 ? ["r1", "r2"] : [],
});

function chainOf(length: number): AuditEvent[] {
  const events: AuditEvent[] = [];
  let head: ChainHead | null = null;
  for (let n = 1; n <= length; n += 1) {
    const event = nextEvent(head, `aud_${n}`, ACCOUNT, new Date(Date.UTC(2026, 0, n)), entry(n));
    events.push(event);
    head = event;
  }
  return events;
}

describe("the audit chain", () => {
  it("starts at 1 after 64 zeros and links every event to the one before", () => {
    const [first, second] = chainOf(2);
    expect(first).toMatchObject({ sequence: 1, previousHash: GENESIS_HASH });
    expect(second).toMatchObject({ sequence: 2, previousHash: first?.hash });
  });

  it("has a stable hash: what was written once is verified for ever", () => {
    expect(chainOf(1)[0]?.hash).toBe("0005307223cd88c89339b0966d2bb396292a581b7f6edb5a4ab5f1f9e1bfad19");
  });

  it("verifies whole, and in pieces", () => {
    const events = chainOf(9);
    const whole = verifyChain(ACCOUNT, events);
    const half = verifyChain(ACCOUNT, events.slice(0, 4));
    expect(whole).toEqual({ intact: true, head: { sequence: 9, hash: events[8]?.hash } });
    expect(half.intact && verifyChain(ACCOUNT, events.slice(4), half.head)).toEqual(whole);
    expect(verifyChain(ACCOUNT, [])).toEqual({ intact: true, head: null });
  });

  const edits: Record<string, (event: AuditEvent) => AuditEvent> = {
    id: (event) => ({ ...event, id: "aud_x" }),
    at: (event) => ({ ...event, at: new Date(event.at.getTime() + 1) }),
    actor: (event) => ({ ...event, actor: "eve" }),
    action: (event) => ({ ...event, action: "RESTORE" }),
    outcome: (event) => ({ ...event, outcome: "FAILED" }),
    subject: (event) => ({ ...event, subject: "bkp_x" }),
    detail: (event) => ({ ...event, detail: `${event.detail} ` }),
    awsRequestIds: (event) => ({ ...event, awsRequestIds: [...event.awsRequestIds, "r3"] }),
    hash: (event) => ({ ...event, hash: GENESIS_HASH }),
    previousHash: (event) => ({ ...event, previousHash: "f".repeat(64) }),
    accountId: (event) => ({ ...event, accountId: "acc_2" }),
    sequence: (event) => ({ ...event, sequence: event.sequence + 1 }),
  };

  it.each(Object.entries(edits))("names the event whose %s was edited", (_, edit) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (at) => {
        const events = chainOf(8).map((event) => (event.sequence === at ? edit(event) : event));
        expect(verifyChain(ACCOUNT, events)).toEqual({ intact: false, brokenSequence: at });
      }),
      { numRuns: 20 },
    );
  });

  it("names the first gap after a removal, and the first of two that were swapped", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (at) => {
        const removed = chainOf(8).filter((event) => event.sequence !== at);
        expect(verifyChain(ACCOUNT, removed)).toEqual({ intact: false, brokenSequence: at });
        const swapped = chainOf(8);
        swapped.splice(at - 1, 2, ...swapped.slice(at - 1, at + 1).reverse());
        expect(verifyChain(ACCOUNT, swapped)).toEqual({ intact: false, brokenSequence: at });
      }),
    );
  });

  it("does not take a rehashed edit for the original: the next link breaks", () => {
    const events = chainOf(3);
    const [first, second, third] = events as [AuditEvent, AuditEvent, AuditEvent];
    const forged = nextEvent(first, second.id, ACCOUNT, second.at, { ...entry(2), detail: "Nothing happened." });
    expect(verifyChain(ACCOUNT, [first, forged, third])).toEqual({ intact: false, brokenSequence: 3 });
  });
});
