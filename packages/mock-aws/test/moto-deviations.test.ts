// The same questions for this simulator and for moto. Ours answers all of them as AWS does. Each known deviation of moto is still
// there: one that is mended fails here, and comes off the list.
import { beforeAll, describe } from "vitest";
import { whenAvailable } from "./outside-world.js";
import { expectPeer } from "./peers/expect-peer.js";
import { MOTO_DEVIATIONS } from "./peers/moto-deviations.js";
import { MOTO, moto, ours } from "./peers/places.js";
import type { OpenPlace } from "./peers/probe.js";

describe("mock-aws answers as AWS does", () => {
  let place: OpenPlace;
  beforeAll(async () => {
    place = await ours();
    return () => place.close();
  });
  expectPeer(() => place, new Set());
});

describe("moto deviates from AWS where it is known to", () => {
  whenAvailable("moto", MOTO, ".tools/moto has no moto_server", (program) => {
    let place: OpenPlace;
    beforeAll(async () => {
      place = await moto(program);
      return () => place.close();
    }, 60_000);
    expectPeer(() => place, new Set(Object.keys(MOTO_DEVIATIONS)));
  });
});
