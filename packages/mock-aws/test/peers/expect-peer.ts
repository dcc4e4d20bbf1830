import { expect, it } from "vitest";
import type { OpenPlace } from "./probe.js";
import { ask, PROBES } from "./probes.js";

/** One test for each probe: the peer answers as AWS does, but for what `deviations` lists. */
export function expectPeer(place: () => OpenPlace, deviations: ReadonlySet<string>): void {
  it.each(PROBES.filter(({ id }) => !deviations.has(id)).map((probe) => [probe.id, probe] as const))(
    "%s: as AWS",
    async (_id, probe) => {
      expect(await ask(probe, place())).toEqual(probe.wanted);
    },
  );

  it.each(PROBES.filter(({ id }) => deviations.has(id)).map((probe) => [probe.id, probe] as const))(
    "%s: not as AWS",
    async (id, probe) => {
      expect(await ask(probe, place()), `${id} is mended: take it off the list`).not.toEqual(probe.wanted);
    },
  );

  it("every deviation that is listed has its probe", () => {
    const known = PROBES.map(({ id }) => id);
    expect([...deviations].filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });
}
