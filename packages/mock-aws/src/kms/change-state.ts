import type { AwsFault } from "../front/aws-fault.js";
import type { KeyCondition, KeyRecord } from "../keys/key.js";
import type { OperationServices } from "./operation.js";

/** Changes a key's state, here and upstream. Answers when callers see it: milliseconds on the wall clock. */
export async function changeState(
  { keys, upstream }: Pick<OperationServices, "keys" | "upstream">,
  key: KeyRecord,
  patch: Partial<KeyCondition> & Pick<KeyCondition, "state">,
  change: string,
): Promise<number | AwsFault> {
  const fault = await upstream.setState(key, patch.state, 0);
  return fault ?? keys.change(key, patch, change);
}
