import { ACCESS_PROBES } from "./access.js";
import { KIND_PROBES } from "./kinds.js";
import { type OpenPlace, type Probe, withBench } from "./probe.js";
import { REQUEST_PROBES } from "./requests.js";
import { STATE_PROBES } from "./states.js";

/** Everything that is asked of this simulator, of moto and of LocalStack alike. */
export const PROBES: readonly Probe[] = [...STATE_PROBES, ...ACCESS_PROBES, ...REQUEST_PROBES, ...KIND_PROBES];

/** What the endpoint answers; an error that the probe did not expect is an answer too. */
export const ask = (probe: Probe, place: OpenPlace): Promise<unknown> =>
  withBench(place, (bench) => probe.ask(bench)).catch((error: Error) => `${error.name}: ${error.message}`);
