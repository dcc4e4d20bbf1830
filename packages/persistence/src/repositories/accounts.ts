import { type AccountFilter, type AccountRepository, searchKind } from "@ekm/ekm";
import { type EntityManager, In, LessThan, MoreThan, Not } from "typeorm";
import { toAccount, toAccountRow } from "../mappers/account.js";
import { AccountRows } from "../rows/account.js";
import { toPage } from "./page.js";

/** Accounts that were, or are, on their way from or to this key. */
const ROTATED = "SELECT account_id FROM key_rotation WHERE from_arn = :search OR to_arn = :search";

export function accountRepository(manager: EntityManager): AccountRepository {
  const matching = (filter: AccountFilter) => {
    const query = manager.createQueryBuilder(AccountRows, "account").where({
      ...(filter.keyManagement === undefined ? {} : { keyManagement: filter.keyManagement }),
      ...(filter.ekmStatus === undefined ? {} : { ekmStatus: filter.ekmStatus }),
      ...(filter.health === undefined ? {} : { healthState: filter.health }),
    });
    if (filter.search === undefined) return query;
    const { search } = filter;
    // A part of a name can be anywhere: this reads every name that the other filters leave, and the rotations once for an ARN.
    const matches = ["account.id = :search", "account.nameFolded LIKE :part ESCAPE '\\'"];
    const kind = searchKind(search);
    if (kind === "arn") matches.push("account.keyArn = :search", `account.id IN (${ROTATED})`);
    if (kind === "keyId" || kind === "awsAccountId") matches.push("account.keyArn LIKE :ofKey");
    return query.andWhere(`(${matches.join(" OR ")})`, {
      search,
      part: `%${search.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`,
      // Of these forms nothing is a wildcard.
      ofKey: kind === "keyId" ? `arn:%:key/${search}` : `arn:%:kms:%:${search}:key/%`,
    });
  };

  return {
    async byId(id) {
      const row = await manager.findOneBy(AccountRows, { id });
      return row && toAccount(row);
    },
    async insert(account) {
      await manager.insert(AccountRows, { ...toAccountRow(account), healthState: null, healthCheckedAt: 0 });
    },
    async save(account) {
      const { id, version, ...columns } = toAccountRow(account);
      const { affected } = await manager.update(AccountRows, { id, version }, { ...columns, version: version + 1 });
      return affected === 1;
    },
    async page(request, filter) {
      const query = matching(filter)
        .orderBy("account.id", "DESC")
        .limit(request.first + 1);
      if (request.after !== undefined) query.andWhere("account.id < :after", { after: request.after });
      return toPage(await query.getMany(), request, toAccount);
    },
    async count(filter) {
      return BigInt(await matching(filter).getCount());
    },
    async usingKey(keyArn, exceptAccountId) {
      const rows = await manager.find(AccountRows, { select: { id: true }, where: { keyArn, id: Not(exceptAccountId) } });
      return rows.map((row) => row.id);
    },
    async keyEpochs(ids) {
      if (ids.length === 0) return new Map();
      const rows = await manager.find(AccountRows, {
        select: { id: true, keyEpoch: true, lockedAt: true },
        where: { id: In(ids) },
      });
      return new Map(rows.map(({ id, keyEpoch, lockedAt }) => [id, { keyEpoch, locked: lockedAt !== null }]));
    },
    async dueForProbe(checkedBefore, limit) {
      const rows = await manager.find(AccountRows, {
        where: { keyManagement: "ENTERPRISE", healthCheckedAt: LessThan(checkedBefore.getTime()) },
        order: { healthCheckedAt: "ASC", id: "ASC" },
        take: limit,
      });
      return rows.map(toAccount);
    },
    async checkedAfter(after, limit) {
      const rows = await manager.find(AccountRows, {
        where: { keyManagement: "ENTERPRISE", healthCheckedAt: MoreThan(after.getTime()) },
        order: { healthCheckedAt: "DESC", id: "DESC" },
        take: limit,
      });
      return rows.map(toAccount);
    },
  };
}
