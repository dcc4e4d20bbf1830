import { randomBytes } from "node:crypto";
import type { Account, AuditEntry, KeyHealth, KeyWrap, Store } from "@ekm/ekm";
import { ids } from "./support.js";

export const ARN = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555";
export const entry: AuditEntry = { actor: "admin", action: "BACKUP", outcome: "DONE", detail: "done", awsRequestIds: [] };

export const account = (over: Partial<Account> = {}): Account => ({
  id: ids.next("acc"),
  name: "Acme",
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
  ekm: { status: "NOT_ACTIVATED" },
  keyEpoch: 0,
  version: 0,
  ...over,
});

export async function insertAccount(store: Store, over: Partial<Account> = {}): Promise<Account> {
  const made = account(over);
  await store.transaction((tx) => tx.accounts.insert(made));
  return made;
}

export const wrap = (accountId: string, generation: number, bytes: number): KeyWrap => ({
  id: ids.next("wrp"),
  accountId,
  generation,
  keyArn: ARN,
  ciphertext: randomBytes(bytes),
  state: "CURRENT",
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
});

export async function insertWraps(store: Store, accountId: string, wraps: readonly KeyWrap[]): Promise<void> {
  await store.transaction(async (tx) => {
    for (const one of wraps) {
      await tx.keys.insertGeneration({
        accountId,
        generation: one.generation,
        checkValue: "00",
        createdAt: one.createdAt,
        reservedWraps: 0,
      });
      await tx.keys.insertWrap(one);
    }
  });
}

export const healthy = (accountId: string): KeyHealth => ({
  id: ids.next("hlt"),
  accountId,
  keyArn: ARN,
  state: "HEALTHY",
  since: new Date("2026-01-01T00:00:00.000Z"),
  warnings: [],
  checkedAt: new Date("2026-01-01T00:00:00.000Z"),
});
