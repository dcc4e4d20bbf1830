import { KEY_CHECKS } from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

export const KeyHealthStateEnum = enumOf(
  "KeyHealthState",
  ["HEALTHY", "DEGRADED", "UNUSABLE", "LOCKED", "UNKNOWN"],
  "DEGRADED: transient failures, served until the lease ends. UNUSABLE: backup and restore fail. UNKNOWN: not probed lately.",
);

export const VerdictEnum = enumOf("Verdict", ["PASS", "WARN", "FAIL", "SKIPPED"]);

export const KeyCheckNameEnum = enumOf(
  "KeyCheckName",
  KEY_CHECKS,
  "In the order in which they run; what depends on a check that failed is SKIPPED, so that a stranger's key reveals nothing.",
);
