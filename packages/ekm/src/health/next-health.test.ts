import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problem } from "../errors/catalog.js";
import type { FailureClass } from "../ports/key-service.js";
import type { KeyHealth } from "./health.js";
import { healthAsOf, healthChanged, nextHealth, type Observation } from "./next-health.js";

const KEY = { accountId: "acc_1", keyArn: "arn:one", warnings: [] };
const at = (ms: number) => new Date(Date.UTC(2026, 0, 5) + ms);

const failed = (failureClass: FailureClass, code: Parameters<typeof problem>[0] = "KEY_DISABLED"): Observation => ({
  kind: "failed",
  failureClass,
  problem: problem(code),
});
const USABLE: Observation = { kind: "usable" };
const LOCKED: Observation = { kind: "locked", problem: problem("KEYS_LOCKED") };

/** The health after these observations, one a second from the start. */
const after = (...observations: Observation[]): KeyHealth => {
  let health: KeyHealth | null = null;
  observations.forEach((one, second) => {
    health = { ...nextHealth(health, one, KEY, at(second * 1000)), id: "hlt_1" };
  });
  if (health === null) throw new Error("no observation");
  return health;
};

describe("the health of a key", () => {
  it.each([
    ["usable", USABLE, "HEALTHY"],
    ["locked", LOCKED, "LOCKED"],
    ["refusal", failed("refusal"), "UNUSABLE"],
    ["data", failed("data"), "UNUSABLE"],
    ["input", failed("input"), "UNUSABLE"],
    ["transient", failed("transient"), "DEGRADED"],
    ["ours", failed("ours"), "DEGRADED"],
  ] as const)("%s", (_, observation, state) => {
    expect(after(observation).state).toBe(state);
    expect(after(USABLE, observation).state).toBe(state);
  });

  it("stays unusable, for the known reason, while later calls do not get through", () => {
    const health = after(failed("refusal", "KEY_DISABLED"), failed("transient", "KMS_UNREACHABLE"));
    expect(health).toMatchObject({ state: "UNUSABLE", problem: { code: "KEY_DISABLED" } });
    expect(after(failed("refusal"), failed("transient"), USABLE).state).toBe("HEALTHY");
  });

  it("keeps the date of deletion until the key works or fails for another reason", () => {
    const pending = { ...failed("refusal", "KEY_PENDING_DELETION"), deletionDate: at(99) } as Observation;
    const again = failed("refusal", "KEY_PENDING_DELETION");
    expect(after(pending, again, failed("transient")).deletionDate).toEqual(at(99));
    expect(after(pending, failed("refusal", "KEY_DISABLED")).deletionDate).toBeUndefined();
    expect(after(pending, USABLE).deletionDate).toBeUndefined();
  });

  it("knows nothing of another key's past", () => {
    const before = after(USABLE, failed("refusal"));
    const health = nextHealth(before, failed("transient"), { ...KEY, keyArn: "arn:two" }, at(5000));
    expect(health).toMatchObject({ state: "DEGRADED", since: at(5000) });
    expect(health.lastUsableAt).toBeUndefined();
    expect(healthChanged(before, health)).toBe(true);
  });

  const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
    fc.constant(USABLE),
    fc.constant(LOCKED),
    fc
      .tuple(
        fc.constantFrom<FailureClass>("refusal", "transient", "ours", "input", "data"),
        fc.constantFrom("KEY_DISABLED", "KEY_PENDING_DELETION", "KMS_UNREACHABLE" as const),
      )
      .map(([failureClass, code]) => failed(failureClass, code)),
  );

  it("holds together whatever is observed", () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { minLength: 1, maxLength: 30 }), (observations) => {
        let previous: KeyHealth | null = null;
        let lastUsable: Date | undefined;
        observations.forEach((observation, n) => {
          const now = at(n * 1000);
          const next: KeyHealth = { ...nextHealth(previous, observation, KEY, now), id: "hlt_1" };
          if (observation.kind === "usable") lastUsable = now;
          // Healthy if and only if the key was just seen to work; every other state says why.
          expect(next.state === "HEALTHY").toBe(observation.kind === "usable");
          expect(next.problem === undefined).toBe(next.state === "HEALTHY");
          expect(next.checkedAt).toEqual(now);
          expect(next.lastUsableAt).toEqual(lastUsable);
          // `since` moves exactly when the state does, and never lies ahead.
          expect(next.since).toEqual(previous?.state === next.state ? previous?.since : now);
          // Once refused, only success or a lock leads out.
          if (previous?.state === "UNUSABLE" && observation.kind === "failed") expect(next.state).toBe("UNUSABLE");
          // The same observation again changes nothing but the time of the look.
          const again = nextHealth(next, observation, KEY, at((n + 1) * 1000));
          expect(healthChanged(next, again)).toBe(false);
          previous = next;
        });
      }),
    );
  });
});

describe("health that was not looked at lately", () => {
  it("is unknown after three intervals, five minutes at least; a lock stays known", () => {
    const health = after(USABLE);
    expect(healthAsOf(health, at(300_000), 60).state).toBe("HEALTHY");
    expect(healthAsOf(health, at(300_001), 60).state).toBe("UNKNOWN");
    expect(healthAsOf(health, at(300_001), 300).state).toBe("HEALTHY");
    expect(healthAsOf(after(LOCKED), at(900_000), 60).state).toBe("LOCKED");
  });
});
