import { type Account, keyManagementOf } from "@ekm/ekm";
import { presentEkm } from "../ekm/present-ekm.js";
import type { AccountView } from "./account.js";

export const presentAccount = (account: Account, now: Date): AccountView => ({
  __typename: "Account",
  id: account.id,
  name: account.name,
  createdAt: account.createdAt,
  keyManagement: keyManagementOf(account),
  ekm: presentEkm(account, now),
  keyLock: account.keyLock ?? null,
});
