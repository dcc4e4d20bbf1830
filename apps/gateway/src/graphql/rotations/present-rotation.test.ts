import type { GenerationFailure, KeyRotation } from "@ekm/ekm";
import { describe, expect, it } from "vitest";
import type { GraphQLContext } from "../context.js";
import { presentRotation } from "./present-rotation.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const rotation: KeyRotation = {
  id: "rot_1",
  accountId: "acc_1",
  fromArn: "arn:from",
  toArn: "arn:to",
  toMultiRegion: false,
  toWarnings: [],
  status: "RUNNING",
  rewrapped: 1,
  total: 3,
  startedAt: NOW,
  startedBy: "ada",
  acceptsLoss: false,
};
const failure: GenerationFailure = {
  rotationId: "rot_1",
  generation: 2,
  backups: 7n,
  problem: { code: "ACCOUNT_KEY_UNREADABLE", message: "It does not open.", possibleCauses: [], keyArn: "arn:from" },
};
const contextWith = (generationFailures: () => Promise<unknown>) =>
  ({ caller: { subject: "ada", roles: [] }, useCases: { queries: { generationFailures } } }) as unknown as GraphQLContext;
const context = contextWith(async () => ({ ok: true, value: [failure] }));

describe("a rotation", () => {
  it("can be cancelled before the switch only", () => {
    const cancellable = (more: Partial<KeyRotation>) => presentRotation({ ...rotation, ...more }, context).cancellable;
    expect(cancellable({})).toBe(true);
    expect(cancellable({ status: "PAUSED", pausedBy: "KEY", pausedAt: NOW })).toBe(true);
    expect(cancellable({ switchedAt: NOW })).toBe(false);
    for (const status of ["COMPLETED", "CANCELLED", "FAILED"] as const) expect(cancellable({ status })).toBe(false);
  });

  it("says null for what is not there yet", () => {
    expect(presentRotation(rotation, context)).toMatchObject({
      pausedAt: null,
      finishedAt: null,
      problem: null,
      retirement: null,
    });
  });

  it("names what could not be opened, with the remedy, when that is asked for", async () => {
    const unasked = contextWith(() => Promise.reject(new Error("not asked for")));
    presentRotation(rotation, unasked);
    expect(await presentRotation(rotation, context).failures()).toEqual([
      {
        generation: 2,
        backups: 7n,
        problem: expect.objectContaining({
          code: "ACCOUNT_KEY_UNREADABLE",
          keyArn: "arn:from",
          remedy: expect.stringMatching(/\S/),
        }),
      },
    ]);
  });

  it("keeps the certificate as it was signed", () => {
    const retirement = {
      jws: "a.b.c",
      keyId: "k",
      signedAt: NOW,
      safeToRetireAfter: NOW,
      generationsCounted: 3,
      backupsCovered: 9n,
    };
    expect(presentRotation({ ...rotation, status: "COMPLETED", retirement }, context).retirement).toEqual(retirement);
  });
});
