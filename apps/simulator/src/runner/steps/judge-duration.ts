import { formatDuration } from "../../experiments/duration.js";
import type { Span } from "../../experiments/moment.js";
import type { World } from "../world.js";
import type { Finding } from "./finding.js";

export interface DurationLimits {
  readonly atLeast?: Span | undefined;
  readonly atMost?: Span | undefined;
}

export function judgeDuration(ms: number, limits: DurationLimits, world: World): Finding {
  const [least, most] = [limits.atLeast, limits.atMost].map((span) => span && world.spanMs(span));
  const wanted = [
    least === undefined ? "" : `at least ${formatDuration(least)}`,
    most === undefined ? "" : `at most ${formatDuration(most)}`,
  ];
  return {
    wanted: wanted.filter((part) => part !== "").join(" and "),
    found: `after ${formatDuration(ms)}`,
    met: ms >= (least ?? 0) && ms <= (most ?? Number.POSITIVE_INFINITY),
  };
}
