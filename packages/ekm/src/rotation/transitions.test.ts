// Invariant: RUNNING ⇄ PAUSED; RUNNING → COMPLETED | FAILED; either → CANCELLED before the switch only. Nothing leaves an end state.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problem } from "../errors/catalog.js";
import { isActive, isCancellable, type KeyRotation, type RotationStatus } from "./rotation.js";
import {
  cancelled,
  completed,
  failed,
  pausedByAdmin,
  pausedByKey,
  progressed,
  resumed,
  switched,
  troubled,
} from "./transitions.js";

const AT = new Date("2026-01-05T08:00:00.000Z");
const REFUSED = problem("KEY_DISABLED", { keyArn: "arn:old" });
const RUNNING: KeyRotation = {
  id: "rot_1",
  accountId: "acc_1",
  fromArn: "arn:old",
  toArn: "arn:new",
  toMultiRegion: false,
  toWarnings: [],
  status: "RUNNING",
  rewrapped: 0,
  total: 3,
  startedAt: AT,
  startedBy: "admin",
  acceptsLoss: false,
};
const certificate = (switchedAt: Date) => ({
  jws: "a.b.c",
  keyId: "k",
  signedAt: AT,
  safeToRetireAfter: switchedAt,
  generationsCounted: 3,
  backupsCovered: 7n,
});

const ACTS: Readonly<Record<string, (rotation: KeyRotation) => KeyRotation | null>> = {
  pausedByAdmin: (rotation) => pausedByAdmin(rotation, AT),
  pausedByKey: (rotation) => pausedByKey(rotation, REFUSED, AT),
  resumed,
  troubled: (rotation) => troubled(rotation, REFUSED),
  progressed: (rotation) => progressed(rotation, rotation.rewrapped + 1, rotation.total),
  switched: (rotation) => switched(rotation, AT),
  completed: (rotation) => completed(rotation, certificate(AT), AT),
  failed: (rotation) => failed(rotation, REFUSED, AT),
  cancelled: (rotation) => cancelled(rotation, AT),
};

const EDGES: Readonly<Record<RotationStatus, readonly RotationStatus[]>> = {
  RUNNING: ["RUNNING", "PAUSED", "COMPLETED", "FAILED", "CANCELLED"],
  PAUSED: ["PAUSED", "RUNNING", "CANCELLED"],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
};

function expectConsistent(rotation: KeyRotation): void {
  const { status, switchedAt } = rotation;
  expect(rotation.pausedBy !== undefined).toBe(status === "PAUSED");
  expect(rotation.pausedAt !== undefined).toBe(status === "PAUSED");
  expect(rotation.finishedAt !== undefined).toBe(!isActive(rotation));
  expect(isCancellable(rotation)).toBe(isActive(rotation) && switchedAt === undefined);
  if (switchedAt !== undefined) expect(["RUNNING", "COMPLETED"]).toContain(status);
  if (status === "COMPLETED") expect(switchedAt).toBeDefined();
  if (status === "FAILED" || rotation.pausedBy === "KEY") expect(rotation.problem).toBeDefined();
  if (status === "COMPLETED" || status === "CANCELLED") expect(rotation.problem).toBeUndefined();
}

describe("a rotation's states", () => {
  it("follow the allowed edges alone, whatever is tried in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(ACTS)), { maxLength: 30 }), (names) => {
        let rotation = RUNNING;
        for (const name of names) {
          const next = ACTS[name]?.(rotation) ?? null;
          if (next === null) continue;
          expect(EDGES[rotation.status]).toContain(next.status);
          if (next.status === "CANCELLED" || next.status === "FAILED") expect(rotation.switchedAt).toBeUndefined();
          if (rotation.switchedAt !== undefined) expect(next.switchedAt).toEqual(rotation.switchedAt);
          expectConsistent(next);
          rotation = next;
        }
      }),
    );
  });

  it("can all be reached", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(ACTS)), { maxLength: 12 }), (names) => {
        let rotation = RUNNING;
        for (const name of names) rotation = ACTS[name]?.(rotation) ?? rotation;
        reached.add(`${rotation.status}${rotation.pausedBy ?? ""}${rotation.switchedAt ? " switched" : ""}`);
      }),
      { seed: 7, numRuns: 500 },
    );
    const ends = ["RUNNING", "RUNNING switched", "PAUSEDADMIN", "PAUSEDKEY", "COMPLETED switched", "FAILED", "CANCELLED"];
    expect([...reached].sort()).toEqual(ends.sort());
  });

  it("keep who paused first apart: a pause by the admin over one by a key waits for the admin, from the same moment", () => {
    const stopped = pausedByKey(RUNNING, REFUSED, AT);
    const later = new Date(AT.getTime() + 1000);
    expect(stopped && pausedByAdmin(stopped, later)).toMatchObject({ pausedBy: "ADMIN", pausedAt: AT, problem: REFUSED });
  });

  it("a paused rotation neither switches, fails nor completes", () => {
    const paused = pausedByAdmin(RUNNING, AT);
    expect(paused).not.toBeNull();
    if (paused === null) return;
    for (const act of ["switched", "failed", "completed", "progressed", "pausedByKey"]) expect(ACTS[act]?.(paused)).toBeNull();
  });
});
