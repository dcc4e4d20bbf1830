import type { OperationServices } from "../kms/operation.js";
import type { KeyRecord, Rotation } from "./key.js";

const DAY_MS = 24 * 60 * 60 * 1000;

type Services = Pick<OperationServices, "keys" | "upstream" | "clock" | "events">;

/** New material for a key and for those that share it. What the old material encrypted stays readable. */
export async function rotateNow(
  key: KeyRecord,
  type: Rotation["type"],
  at: number,
  { keys, upstream, events }: Services,
): Promise<void> {
  const sharing = [key, ...keys.related(key)];
  const materialId = await upstream.rotate(sharing);
  for (const each of sharing) each.rotations = [...each.rotations, { at, type, materialId }];
  events.change({ subject: "key", id: key.arn, change: "RotateKey", state: keys.latest(key).state });
}

/** Rotation is set on the primary of multi-Region keys, for all of them. */
export function rotationOwner(key: KeyRecord, keys: Services["keys"]): KeyRecord {
  if (key.primaryRegion === null || key.primaryRegion === key.region) return key;
  return keys.findInRegion(key.primaryRegion, key.id) ?? key;
}

/** Carries out the automatic rotations that have come due on the simulated clock. A key that is off or going is not rotated. */
export async function rotateWhenDue(used: KeyRecord, services: Services): Promise<void> {
  const now = services.clock.now();
  const key = rotationOwner(used, services.keys);
  while (key.rotation && key.rotation.nextAt <= now) {
    const { nextAt, periodDays } = key.rotation;
    key.rotation = { periodDays, nextAt: nextAt + periodDays * DAY_MS };
    if (services.keys.latest(key).state === "Enabled") await rotateNow(key, "AUTOMATIC", nextAt, services);
  }
}

export const nextRotation = (now: number, periodDays: number): { readonly periodDays: number; readonly nextAt: number } => ({
  periodDays,
  nextAt: now + periodDays * DAY_MS,
});
