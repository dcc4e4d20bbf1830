// Each known deviation of LocalStack is still there. One that is mended fails here: take it, and what hides it, out of the code.
import { describe } from "vitest";
import { LOCALSTACK_URL } from "./harness.js";
import { whenAvailable } from "./outside-world.js";
import { expectPeer } from "./peers/expect-peer.js";
import { LOCALSTACK_DEVIATIONS } from "./peers/localstack-deviations.js";
import { localStack } from "./peers/places.js";

describe("LocalStack deviates from AWS where it is known to", () => {
  whenAvailable("localstack", LOCALSTACK_URL, "EKM_LOCALSTACK_URL names no LocalStack", (url) => {
    expectPeer(() => localStack(url), new Set(Object.keys(LOCALSTACK_DEVIATIONS)));
  });
});
