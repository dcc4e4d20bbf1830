import type { NewKeyState } from "@ekm/mock-aws";
import type { Reference } from "../../../experiments/fields.js";
import { effectiveAt } from "../../aws/effective-at.js";
import type { World } from "../../world.js";

/** A KMS operation on a key, called by its owner; answers when it took effect, in milliseconds since 1970. */
export async function onKey(
  world: World,
  reference: Reference<"key">,
  operation: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const key = world.key(reference);
  return effectiveAt(await world.callAws(key.owner, key.region, operation, { KeyId: key.arn, ...more }));
}

/** What no caller of KMS can bring about, through the simulator's control interface. */
export async function setKeyCondition(world: World, reference: Reference<"key">, state: NewKeyState): Promise<number> {
  return Date.parse((await world.target.control.keys.setState(world.key(reference).arn, state)).effectiveAt);
}
