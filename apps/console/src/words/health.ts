import type { KeyHealthState, KnownKeyHealthState } from "@ekm/client";
import type { Tone } from "../ui/notice.js";
import { titled } from "./titled.js";

const HEALTH: Readonly<Record<KnownKeyHealthState, readonly [Tone, string]>> = {
  HEALTHY: ["good", "Healthy"],
  DEGRADED: ["warn", "Degraded"],
  UNUSABLE: ["bad", "Unusable"],
  LOCKED: ["bad", "Locked"],
  UNKNOWN: ["idle", "Unknown"],
};

export const healthWords = (state: KeyHealthState): readonly [Tone, string] =>
  (HEALTH as Readonly<Record<string, readonly [Tone, string]>>)[state] ?? ["idle", titled(state)];
