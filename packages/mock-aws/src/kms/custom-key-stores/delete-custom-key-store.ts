import { AwsFault } from "../../front/aws-fault.js";
import { required, shape, text } from "../input.js";
import { anywhere, defineOperation } from "../operation.js";
import { ownStore, storeKeys } from "./own-store.js";

/** Only a store that is disconnected and holds no key. */
export const deleteCustomKeyStore = defineOperation({
  name: "DeleteCustomKeyStore",
  input: shape({ CustomKeyStoreId: required(text(1, 64)) }),
  uses: () => [],
  permissions: () => anywhere("kms:DeleteCustomKeyStore"),
  async run({ CustomKeyStoreId }, _keys, services) {
    const store = ownStore(CustomKeyStoreId, services);
    if (store instanceof AwsFault) return store;
    if (storeKeys(store, services).length > 0) return new AwsFault("CustomKeyStoreHasCMKsException");
    if (store.connected) return new AwsFault("CustomKeyStoreInvalidStateException");
    services.stores.remove(store.id);
    services.events.change({ subject: "account", id: store.accountId, change: "DeleteCustomKeyStore" });
    return { body: {} };
  },
});
