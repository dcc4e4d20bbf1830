import { AwsFault } from "../../front/aws-fault.js";
import { optional, required, shape, text } from "../input.js";
import { anywhere, defineOperation } from "../operation.js";
import { ownStore } from "./own-store.js";

/** Its name; further properties of a store are not looked at by the simulator, nor changed. */
export const updateCustomKeyStore = defineOperation({
  name: "UpdateCustomKeyStore",
  input: shape({ CustomKeyStoreId: required(text(1, 64)), NewCustomKeyStoreName: optional(text(1, 256)) }),
  uses: () => [],
  permissions: () => anywhere("kms:UpdateCustomKeyStore"),
  async run({ CustomKeyStoreId, NewCustomKeyStoreName }, _keys, services) {
    const store = ownStore(CustomKeyStoreId, services);
    if (store instanceof AwsFault) return store;
    if (NewCustomKeyStoreName !== undefined) store.name = NewCustomKeyStoreName;
    services.events.change({ subject: "account", id: store.accountId, change: "UpdateCustomKeyStore" });
    return { body: {} };
  },
});
