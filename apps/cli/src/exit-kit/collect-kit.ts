import {
  type Account,
  type AuditEntry,
  accountKeyContext,
  type Backup,
  type Clock,
  type Repositories,
  type Store,
} from "@ekm/ekm";
import { KIT_FORMAT, type Kit, type KitBackup, type KitGeneration, regionOf } from "./kit.js";

const PAGE = 500;

export type Collected =
  | { readonly kind: "kit"; readonly kit: Kit; readonly problems: readonly string[] }
  | { readonly kind: "no-account" }
  /** The account's keys are wrapped by the vendor's key: nothing that its customer could open. */
  | { readonly kind: "not-enterprise" };

/**
 * What the database knows of an account's keys and backups, and an entry in its audit log that somebody took it: written first, so
 * that there is no kit without one. Throws StoreError.
 */
export async function collectKit(store: Store, clock: Clock, accountId: string, actor: string): Promise<Collected> {
  // The backups before the keys: a generation that one of them needs was there before it.
  const backups = await succeededBackups(store.read, accountId);
  return store.transaction(async (tx) => {
    const account = await tx.accounts.byId(accountId);
    if (account === null) return { kind: "no-account" };
    if (account.ekm.status !== "ENABLED" && account.ekm.status !== "ROTATING") return { kind: "not-enterprise" };
    const { generations, problems } = await currentWraps(tx, account, account.ekm.key.arn);
    const exportedAt = clock.now();
    await tx.audit.append(accountId, exportedAt, entryOf(actor, generations.length, backups.length));
    const kit: Kit = {
      ...{ format: KIT_FORMAT, version: 1, accountId, exportedAt: exportedAt.toISOString() },
      generations,
      backups: backups.flatMap(toKitBackup),
    };
    const known = new Set(generations.map(({ generation }) => generation));
    const orphans = kit.backups.filter(({ generation }) => !known.has(generation));
    return {
      kind: "kit",
      kit,
      problems: [
        ...problems,
        ...orphans.map(({ id, generation }) => `backup ${id}: the kit has no key of generation ${generation}`),
      ],
    };
  });
}

async function succeededBackups(read: Repositories, accountId: string): Promise<readonly Backup[]> {
  const all: Backup[] = [];
  for (let after: string | undefined; ; after = all.at(-1)?.id) {
    const request = { first: PAGE, ...(after === undefined ? {} : { after }) };
    const { items, hasNextPage } = await read.backups.page(accountId, request, { status: "SUCCEEDED" });
    all.push(...items);
    if (!hasNextPage) return all;
  }
}

async function currentWraps(
  tx: Repositories,
  { id: accountId }: Account,
  customerKeyArn: string,
): Promise<{ generations: KitGeneration[]; problems: string[] }> {
  const generations: KitGeneration[] = [];
  const problems: string[] = [];
  for (const { generation, checkValue } of await tx.keys.generations(accountId)) {
    const wrap = await tx.keys.currentWrap(accountId, generation);
    const region = wrap === null ? null : regionOf(wrap.keyArn);
    if (wrap === null || region === null) {
      problems.push(`generation ${generation}: there is no current wrap of its key`);
      continue;
    }
    const { keyArn, ciphertext } = wrap;
    if (keyArn !== customerKeyArn)
      problems.push(`generation ${generation}: wrapped by ${keyArn}, not by the account's key ${customerKeyArn}`);
    generations.push({
      ...{ generation, checkValue, keyArn, region },
      encryptionContext: { ...accountKeyContext(accountId, generation) },
      ciphertext: Buffer.from(ciphertext).toString("base64"),
    });
  }
  return { generations, problems };
}

function toKitBackup({ id, createdAt, generation, bytes, items, contentDigest, manifest }: Backup): KitBackup[] {
  // Every backup that succeeded has all of them.
  if (generation === undefined || manifest === undefined || contentDigest === undefined) return [];
  const counts = { bytes: String(bytes ?? 0n), items: String(items ?? 0n) };
  return [{ id, createdAt: createdAt.toISOString(), generation, ...counts, contentDigest, manifest }];
}

const entryOf = (actor: string, generations: number, backups: number): AuditEntry => ({
  actor,
  action: "EXIT_KIT_EXPORTED",
  outcome: "DONE",
  detail: `An exit kit with the wrapped keys of ${generations} generations and the references of ${backups} backups was exported.`,
  awsRequestIds: [],
});
