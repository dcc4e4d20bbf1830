import { AwsFault } from "../../front/aws-fault.js";
import { required, shape, text } from "../input.js";
import { type AnyOperation, anywhere, defineOperation } from "../operation.js";
import { ownStore } from "./own-store.js";

/** ConnectCustomKeyStore and DisconnectCustomKeyStore: at once. Keys in a store that is not connected are Unavailable. */
export function defineConnection(name: "ConnectCustomKeyStore" | "DisconnectCustomKeyStore", connected: boolean): AnyOperation {
  return defineOperation({
    name,
    input: shape({ CustomKeyStoreId: required(text(1, 64)) }),
    uses: () => [],
    permissions: () => anywhere(`kms:${name}`),
    async run({ CustomKeyStoreId }, _keys, services) {
      const store = ownStore(CustomKeyStoreId, services);
      if (store instanceof AwsFault) return store;
      if (store.connected === connected) return new AwsFault("CustomKeyStoreInvalidStateException");
      store.connected = connected;
      services.events.change({ subject: "account", id: store.accountId, change: name });
      return { body: {} };
    },
  });
}
