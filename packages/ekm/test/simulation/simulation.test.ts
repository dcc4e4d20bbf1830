// Invariants of the whole key lifecycle, under crashes anywhere, keys that refuse, throttle, lie or are slow, and changes that are
// seen late: every wrap opens to its key, whatever happened; one current wrap per generation, its record beside the backups; one
// protecting key once a change has ended; one audit entry per change, in its transaction; no key served past its lease or a lock;
// one effect per request; and when the trouble is over, everything comes to rest and every backup can be read.
//
// EKM_SEED=n replays one life and prints it; EKM_SEEDS=n lives that many.
import { expect, it } from "vitest";
import { type Simulated, simulate } from "./simulate.js";

const replayed = process.env["EKM_SEED"];
const lives = Number(process.env["EKM_SEEDS"] ?? 2000);

const story = ({ seed, violation, log }: Simulated): string =>
  `${violation ?? "every invariant held"}\nEKM_SEED=${seed} replays it:\n${log.join("\n")}`;

/** What must have come about now and then, or the invariants were never in danger. */
const DANGERS: Readonly<Record<string, RegExp>> = {
  "a rotation ended": /ROTATION rot_\d+: COMPLETED$/,
  "a rotation was stopped by a key": /ROTATION rot_\d+: PAUSED$/,
  "a rotation was cancelled": /cancelEkmKeyRotation: done$/,
  "a loss was accepted": /loss accepted: done$/,
  "an account was enabled": /enableEkm \d+: done$/,
  "a generation was left behind by enabling": /generation \d of \w+ was left behind$/,
  "a process died": /: the process died$/,
  "a job went to another worker": /fence.lost$/,
  "a backup was refused its key": /BACKUP bkp_\d+: FAILED KEY_DISABLED$/,
  "a job was stopped by a lock": /FAILED KEYS_LOCKED$/,
  "a restore succeeded": /RESTORE rst_\d+: SUCCEEDED$/,
};

async function replay(seed: number): Promise<void> {
  const simulated = await simulate(seed);
  console.log(story(simulated));
  expect(simulated.violation).toBeUndefined();
}

async function liveMany(): Promise<void> {
  const begun = performance.now();
  const met = new Map(Object.keys(DANGERS).map((danger) => [danger, 0]));
  for (let seed = 1; seed <= lives; seed += 1) {
    const simulated = await simulate(seed);
    if (simulated.violation !== undefined) expect.fail(story(simulated));
    for (const [danger, line] of Object.entries(DANGERS)) {
      if (simulated.log.some((text) => line.test(text))) met.set(danger, (met.get(danger) ?? 0) + 1);
    }
  }
  console.log(`${(lives / ((performance.now() - begun) / 1000)).toFixed(0)} lives a second`, Object.fromEntries(met));
  for (const [danger, times] of met) expect(times, danger).toBeGreaterThan(lives / 100);
}

it("lives the same life again from the same seed", { timeout: 60_000 }, async () => {
  expect(await simulate(7)).toEqual(await simulate(7));
});

if (replayed === undefined) it(`${lives} lives`, { timeout: 1000 * lives }, liveMany);
else it(`the life of seed ${replayed}`, { timeout: 60_000 }, () => replay(Number(replayed)));
