// Invariant: whatever the clocks do, whatever KMS answers and when, and whoever acquires, releases, ends or voids, a gate is open
// only within the duration of an unwrap that succeeded, was sent after the last end or void, and was not followed by a refusal.
import fc from "fast-check";
import { expect, it } from "vitest";
import { createLeaseKeeper, type LeasedKey } from "../src/index.js";
import { FakeClock, settle } from "../testing/fake-clock.js";
import { type Answer, type Call, FakeKms } from "../testing/fake-kms.js";

const LEASE = 1000;
type Step =
  | { do: "advance" | "stall" | "jump"; ms: number }
  | { do: "acquire" | "release" | "wait" | "invalidate" | "endAll" }
  | { do: "answer"; answer: Answer };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stall" as const), ms: fc.nat(2500) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("jump" as const), ms: fc.integer({ min: -2000, max: 600 }) }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("acquire" as const, "release" as const, "wait" as const).map((verb) => ({ do: verb })),
  },
  { weight: 1, arbitrary: fc.constantFrom("invalidate" as const, "endAll" as const).map((verb) => ({ do: verb })) },
  {
    weight: 8,
    arbitrary: fc
      .constantFrom<Answer>("unwrapped", "unwrapped", "unwrapped", "refused", "unavailable", "throws")
      .map((answer) => ({ do: "answer" as const, answer })),
  },
);

const start: Step[] = [{ do: "acquire" }, { do: "answer", answer: "unwrapped" }];

it("no use past an unwrap's own time", async () => {
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80, size: "max" }), async (steps) => {
      const clock = new FakeClock();
      const kms = new FakeKms(clock);
      const keeper = createLeaseKeeper<string>({ clock, durationMs: LEASE });
      const held: LeasedKey[] = [];
      let grant: Call | null = null;
      let validFrom = 0;

      const check = (): void => {
        for (const lease of held) {
          const open = lease.gate.isOpen();
          expect(lease.isLive()).toBe(open);
          if (!open) {
            expect(() => lease.key).toThrowError();
            continue;
          }
          opened++;
          expect(grant).not.toBeNull();
          if (grant === null) continue;
          expect(clock.monotonicMs() - grant.monotonicMs).toBeLessThan(LEASE);
          expect(clock.wallMs() - grant.wallMs).toBeLessThan(LEASE);
          expect(lease.key.destroyed).toBe(false);
        }
        expect(kms.mostAtOnce).toBeLessThanOrEqual(1);
      };

      const perform = async (one: Step): Promise<void> => {
        if (one.do === "advance") await clock.advance(one.ms);
        else if (one.do === "stall") clock.stall(one.ms);
        else if (one.do === "jump") clock.jumpWall(one.ms);
        else if (one.do === "acquire") {
          void keeper.acquire("a/1", kms.unwrap).then(
            (outcome) => outcome.ok && held.push(outcome.value),
            (error: unknown) => expect(error).toBeInstanceOf(Error),
          );
        } else if (one.do === "wait") {
          void held
            .at(-1)
            ?.gate.waitUntilOpen()
            .catch((error: unknown) => expect(error).toBeInstanceOf(Error));
        } else if (one.do === "release") held.shift()?.release();
        else if (one.do === "invalidate" || one.do === "endAll") {
          validFrom = kms.calls.length;
          grant = null;
          if (one.do === "invalidate") keeper.invalidate("a/");
          else keeper.endAll("a/", "locked");
        } else if (one.do === "answer") {
          const call = kms.pending[0];
          if (call === undefined) return;
          const counts = kms.calls.indexOf(call) >= validFrom;
          if (counts && one.answer === "unwrapped") grant = call;
          call.answer(one.answer);
          await settle();
          if (counts && one.answer === "refused") grant = null;
        }
      };

      for (const one of [...start, ...steps]) {
        await perform(one);
        check();
        await settle();
        check();
      }
      keeper.close();
      await settle();
      expect(held.some((lease) => lease.gate.isOpen())).toBe(false);
      for (const call of [...kms.pending]) call.answer("unwrapped");
      await settle();
      expect(kms.given.every(({ destroyed }) => destroyed)).toBe(true);
      expect(clock.sleeping).toBe(0);
    }),
    { numRuns: 150 },
  );
  expect(opened).toBeGreaterThan(1500);
});
