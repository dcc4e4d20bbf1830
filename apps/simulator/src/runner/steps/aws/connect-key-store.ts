import { z } from "zod";
import { definition, keyName, type Reference } from "../../../experiments/fields.js";
import { effectiveAt } from "../../aws/effective-at.js";
import { HarnessFailure } from "../../outcome.js";
import type { World } from "../../world.js";
import type { TimedAct } from "../acts-step.js";

const connect = z
  .strictObject({ connectKeyStore: keyName, as: definition.optional() })
  .meta({ description: "Of a key of kind cloudhsm or external-key-store." });
const disconnect = z
  .strictObject({ disconnectKeyStore: keyName, as: definition.optional() })
  .meta({ description: "Keys in a custom key store that is not connected are Unavailable." });

export const connectKeyStore: TimedAct<z.infer<typeof connect>> = {
  key: "connectKeyStore",
  schema: connect,
  describe: (step) => `connect the key store of ${step.connectKeyStore.name}`,
  run: (step, world) => onStore(world, step.connectKeyStore, "ConnectCustomKeyStore"),
};

export const disconnectKeyStore: TimedAct<z.infer<typeof disconnect>> = {
  key: "disconnectKeyStore",
  schema: disconnect,
  describe: (step) => `disconnect the key store of ${step.disconnectKeyStore.name}`,
  run: (step, world) => onStore(world, step.disconnectKeyStore, "DisconnectCustomKeyStore"),
};

async function onStore(world: World, reference: Reference<"key">, operation: string): Promise<number> {
  const { keyStoreId, owner, region, name } = world.key(reference);
  if (keyStoreId === undefined) throw new HarnessFailure(`The key ${name} is in no custom key store.`);
  return effectiveAt(await world.callAws(owner, region, operation, { CustomKeyStoreId: keyStoreId }));
}
