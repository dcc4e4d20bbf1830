import { createEmbeddedUpstream } from "./embedded/embedded-upstream.js";
import { createLocalStackUpstream } from "./localstack/localstack-upstream.js";
import type { Upstream } from "./upstream.js";

/** `embedded` (default), or the URL of a LocalStack. Throws TypeError for any other text. */
export function createUpstream(choice: string = "embedded"): Upstream {
  return choice === "embedded" ? createEmbeddedUpstream() : createLocalStackUpstream(new URL(choice));
}
