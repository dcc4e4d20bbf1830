import type { Definition } from "../../experiments/fields.js";
import type { World } from "../world.js";

/**
 * Does something whose moment has a label. Which jobs ran just before it is kept: what is concluded about one later
 * presupposes that it was in flight. `effectiveAt` picks the moment from the result.
 */
export async function markedAct<T>(
  world: World,
  label: Definition | undefined,
  act: () => Promise<T>,
  effectiveAt: (result: T) => number,
): Promise<T> {
  if (label === undefined) return act();
  const running = await world.jobs.running();
  const result = await act();
  world.mark(label.defines, effectiveAt(result));
  world.jobs.keepInFlight(label.defines, running);
  return result;
}
