import type { KmsFailure } from "../ports/key-service.js";
import type { Problem } from "./outcome.js";

/** A failure as it is stored and shown: without its class, which is for deciding, not for showing. */
export function problemOf({ failureClass: _, ...problem }: KmsFailure): Problem {
  return problem;
}
