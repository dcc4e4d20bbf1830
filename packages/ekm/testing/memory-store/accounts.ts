import { type Account, keyManagementOf } from "../../src/accounts/account.js";
import { type AccountFilter, type AccountRepository, searchKind } from "../../src/ports/store.js";
import { insertRow, pageOf } from "./rows.js";
import type { Tables } from "./state.js";

export function memoryAccounts({ read, write }: Tables): AccountRepository {
  const matching = (filter: AccountFilter): Account[] =>
    [...read().accounts.values()].filter((account) => {
      const { search } = filter;
      return (
        (filter.keyManagement === undefined || keyManagementOf(account) === filter.keyManagement) &&
        (filter.ekmStatus === undefined || account.ekm.status === filter.ekmStatus) &&
        (filter.health === undefined || read().health.get(account.id)?.state === filter.health) &&
        (search === undefined ||
          account.id === search ||
          account.name.toLowerCase().includes(search.toLowerCase()) ||
          ofKey(account, search))
      );
    });
  const ofKey = (account: Account, search: string): boolean => {
    const arn = "key" in account.ekm ? account.ekm.key.arn : "";
    switch (searchKind(search)) {
      case "arn": {
        const rotations = [...read().rotations.values()].filter(({ accountId }) => accountId === account.id);
        return [arn, ...rotations.flatMap(({ fromArn, toArn }) => [fromArn, toArn])].includes(search);
      }
      case "keyId":
        return arn.endsWith(`:key/${search}`);
      case "awsAccountId":
        return arn.split(":")[4] === search;
      default:
        return false;
    }
  };
  const checkedAt = (account: Account) => read().health.get(account.id)?.checkedAt.getTime() ?? Number.NEGATIVE_INFINITY;

  return {
    async byId(id) {
      return read().accounts.get(id) ?? null;
    },
    async insert(account) {
      insertRow(write().accounts, account);
    },
    async save(account) {
      const { accounts } = write();
      if (accounts.get(account.id)?.version !== account.version) return false;
      accounts.set(account.id, { ...account, version: account.version + 1 });
      return true;
    },
    async page(request, filter) {
      return pageOf(matching(filter), request);
    },
    async count(filter) {
      return BigInt(matching(filter).length);
    },
    async usingKey(keyArn, exceptAccountId) {
      return [...read().accounts.values()]
        .filter((account) => account.id !== exceptAccountId && "key" in account.ekm && account.ekm.key.arn === keyArn)
        .map((account) => account.id);
    },
    async keyEpochs(ids) {
      const known = ids.flatMap((id) => read().accounts.get(id) ?? []);
      return new Map(known.map(({ id, keyEpoch, keyLock }) => [id, { keyEpoch, locked: keyLock !== undefined }]));
    },
    async dueForProbe(before, limit) {
      return [...read().accounts.values()]
        .filter((account) => keyManagementOf(account) === "ENTERPRISE" && checkedAt(account) < before.getTime())
        .sort((a, b) => checkedAt(a) - checkedAt(b))
        .slice(0, limit);
    },
    async checkedAfter(after, limit) {
      return [...read().accounts.values()]
        .filter((account) => keyManagementOf(account) === "ENTERPRISE" && checkedAt(account) > after.getTime())
        .slice(0, limit);
    },
  };
}
