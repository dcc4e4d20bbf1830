import { expect } from "vitest";
import type { Account } from "../src/accounts/account.js";
import { verifyChain } from "../src/audit/chain.js";
import { protectingKeyArn } from "../src/keyring/protecting-key.js";
import { openWrap } from "../src/keys/open-wrap.js";
import type { KeyRecord } from "../src/ports/key-records.js";
import type { Scenario } from "../testing/index.js";

/** Every generation has exactly one CURRENT wrap, under the key that protects the account, and it opens to the right key. */
export async function expectUsable(scenario: Scenario, account: Account): Promise<void> {
  const { store, keyService } = scenario.ports;
  const stored = await scenario.stored(account);
  const generations = await store.read.keys.generations(account.id);
  const current = (await store.read.keys.wraps(account.id)).filter((wrap) => wrap.state === "CURRENT");
  expect(current.map((wrap) => wrap.generation)).toEqual(generations.map(({ generation }) => generation));
  for (const wrap of current) {
    expect(wrap.keyArn).toBe(protectingKeyArn(stored));
    const generation = generations.find((one) => one.generation === wrap.generation);
    const opened = await openWrap(keyService, wrap, generation?.checkValue);
    expect(opened).toMatchObject({ ok: true });
  }
  const events = await store.read.audit.chain(account.id, 0, 1000);
  expect(verifyChain(account.id, events).intact).toBe(true);
}

/** The account is under this key alone: every wrap, every key record of it, one open generation that the vendor never had. */
export async function expectEnabled(scenario: Scenario, account: Account, keyArn: string): Promise<void> {
  const { store, keyRecords } = scenario.ports;
  await expectUsable(scenario, account);
  expect(await scenario.stored(account)).toMatchObject({ ekm: { status: "ENABLED", key: { arn: keyArn } } });
  const generations = await store.read.keys.generations(account.id);
  expect(generations.filter(({ closedAt }) => closedAt === undefined)).toEqual([generations.at(-1)]);

  const wraps = await store.read.keys.wraps(account.id);
  expect(wraps.map((wrap) => [wrap.keyArn, wrap.state])).toEqual(generations.map(() => [keyArn, "CURRENT"]));
  const isOurs = (record: KeyRecord) =>
    record.keyArn === keyArn && record.checkValue === generations[record.generation - 1]?.checkValue;
  // An attempt that was overtaken may have left the record of a key that never came to be.
  const records = (await keyRecords.list(account.id)).filter(isOurs);
  expect(records.sort((a, b) => a.generation - b.generation)).toEqual(
    wraps.map(({ generation, ciphertext }, at) => {
      return { accountId: account.id, generation, keyArn, ciphertext, checkValue: generations[at]?.checkValue };
    }),
  );
}
