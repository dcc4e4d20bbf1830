// Invariant: before KMS is asked for an effect there is a row that says so. Whatever the process dies of, and wherever, an
// effect that AWS may have had and that our database does not know of has left an unfinished intent.
import { describe, expect, it } from "vitest";
import { createUseCases, createWorkerUseCases, type KmsIntent, StoreError, withIntent } from "../src/index.js";
import { ensureOpenGeneration } from "../src/keyring/ensure-open-generation.js";
import { createMemoryPorts, createScenario, type MemoryPorts } from "../testing/index.js";
import { cloudAccount } from "./support/accounts.js";
import { claim } from "./support/jobs.js";

/** The same ports, and every intent that was written through them as it is now. */
function recording(ports: MemoryPorts) {
  const intents = new Map<string, KmsIntent>();
  let inTransaction = 0;
  const store: MemoryPorts["store"] = {
    ...ports.store,
    read: ports.store.read,
    scrubs: 0,
    transaction: async (work) => {
      inTransaction++;
      try {
        return await ports.store.transaction((tx) => {
          const { insert, finish } = tx.intents;
          tx.intents.insert = async (intent) => {
            await insert(intent);
            intents.set(intent.id, intent);
          };
          tx.intents.finish = async (id, at, outcome, awsRequestIds) => {
            await finish(id, at, outcome, awsRequestIds);
            const intent = intents.get(id);
            if (intent) intents.set(id, { ...intent, finishedAt: at, outcome, awsRequestIds });
          };
          return work(tx);
        });
      } finally {
        inTransaction--;
      }
    },
  };
  ports.kms.hooks.before = ({ operation }) => {
    if (inTransaction > 0) throw new Error(`${operation} within a transaction`);
  };
  return { ports: { ...ports, store }, intents: () => [...intents.values()] };
}

const unfinished = ({ store, clock }: MemoryPorts) => store.read.intents.unfinished(new Date(clock.now().getTime() + 1), 10);

describe("an intent", () => {
  const WHAT = { accountId: "acc_1", purpose: "FIRST_WRAP", keyArn: "arn" } as const;

  it("is there before the work, and says afterwards what came of it", async () => {
    const ports = createMemoryPorts();
    const answer = await withIntent(ports, WHAT, async () => {
      expect(await unfinished(ports)).toMatchObject([{ ...WHAT, at: ports.clock.now(), awsRequestIds: [] }]);
      return { value: "the answer", done: false, awsRequestIds: ["r-1"] };
    });
    expect(answer).toBe("the answer");
    expect(await unfinished(ports)).toEqual([]);
  });

  it("stays unfinished when the work throws", async () => {
    const ports = createMemoryPorts();
    await expect(withIntent(ports, WHAT, () => Promise.reject(new Error("died")))).rejects.toThrow("died");
    expect(await unfinished(ports)).toMatchObject([WHAT]);
  });

  it("does not undo an effect because it cannot be closed", async () => {
    const ports = createMemoryPorts();
    let broken = false;
    const { store } = ports;
    const transaction: typeof store.transaction = (work) =>
      broken ? Promise.reject(new StoreError("gone")) : store.transaction(work);
    const answer = withIntent({ ...ports, store: { ...store, read: store.read, transaction } }, WHAT, async () => {
      broken = true;
      return { value: "the answer", done: true, awsRequestIds: [] };
    });
    expect(await answer).toBe("the answer");
    expect(await unfinished(ports)).toHaveLength(1);
  });
});

describe("KMS is asked for an effect under an intent", () => {
  it("for the vendor's key and the first wrap", async () => {
    const memory = createMemoryPorts();
    const account = await cloudAccount(memory);
    const { ports, intents } = recording(memory);
    expect(await ensureOpenGeneration(ports, account.id)).toMatchObject({ ok: true });
    const arn = memory.kms.vendorOwned[0]?.arn;
    expect(intents()).toMatchObject([
      { purpose: "VENDOR_KEY", accountId: account.id, outcome: "DONE", awsRequestIds: [expect.any(String)] },
      { purpose: "FIRST_WRAP", keyArn: arn, outcome: "DONE", awsRequestIds: [expect.any(String), expect.any(String)] },
    ]);
  });

  it("and the intent says if nothing came of it", async () => {
    const memory = createMemoryPorts();
    const account = await cloudAccount(memory);
    const { ports, intents } = recording(memory);
    memory.kms.failNext("createKey", "KMS_UNREACHABLE");
    await ensureOpenGeneration(ports, account.id);
    memory.kms.failNext("encrypt", "KMS_THROTTLED");
    await ensureOpenGeneration(ports, account.id);
    expect(intents().map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
      ["VENDOR_KEY", "FAILED"],
      ["VENDOR_KEY", "DONE"],
      ["FIRST_WRAP", "FAILED"],
    ]);
  });

  it("a vendor's key that was made as the process died has left its trace", async () => {
    const memory = createMemoryPorts();
    const account = await cloudAccount(memory);
    memory.kms.hooks.after = ({ operation }) => {
      if (operation === "createKey") throw new Error("died");
    };
    await expect(ensureOpenGeneration(memory, account.id)).rejects.toThrow("died");
    expect(memory.kms.vendorOwned).toHaveLength(1);
    expect(await unfinished(memory)).toMatchObject([{ purpose: "VENDOR_KEY", accountId: account.id }]);
  });

  it("for enabling, and for the end of the vendor's key after it", async () => {
    const scenario = createScenario();
    const account = await scenario.createActivated();
    await scenario.addGeneration(account);
    const { ports, intents } = recording(scenario.ports);
    const key = scenario.keyFor(account);
    scenario.ports.kms.hooks.after = async ({ operation, keyArn }) => {
      if (operation === "reEncrypt" && keyArn !== key.arn) expect(await unfinished(scenario.ports)).toHaveLength(1);
    };
    expect(await scenario.enable(account, key.arn, createUseCases(ports))).toMatchObject({ ok: true });
    expect(intents()).toMatchObject([{ purpose: "ENABLE", keyArn: key.arn, outcome: "DONE" }]);
    expect(intents()[0]?.awsRequestIds.length).toBeGreaterThan(4);
    await createWorkerUseCases(ports).supersede(await claim(scenario.ports, "SUPERSEDE"));
    const vendorArn = scenario.ports.kms.vendorOwned[0]?.arn;
    expect(intents()[1]).toMatchObject({ purpose: "SUPERSEDE", keyArn: vendorArn, outcome: "DONE" });
  });

  it("an enabling that fails says so", async () => {
    const scenario = createScenario();
    const account = await scenario.createActivated();
    await scenario.addGeneration(account);
    const { ports, intents } = recording(scenario.ports);
    for (const vendor of scenario.ports.kms.vendorOwned) vendor.denied = true;
    await scenario.enable(account, scenario.keyFor(account).arn, createUseCases(ports));
    expect(intents()).toMatchObject([{ purpose: "ENABLE", outcome: "FAILED" }]);
  });
});
