import { AwsFault } from "../../front/aws-fault.js";
import type { CustomKeyStore } from "../../keys/custom-key-stores.js";
import type { OperationServices } from "../operation.js";

export const ownStore = (id: string, { stores, caller, region }: OperationServices): CustomKeyStore | AwsFault =>
  stores.find(caller.account.id, region, id) ?? new AwsFault("CustomKeyStoreNotFoundException");

export function storeKeys(store: CustomKeyStore, { keys }: OperationServices) {
  return keys.living(store.accountId, store.region).filter(({ customKeyStoreId }) => customKeyStoreId === store.id);
}
