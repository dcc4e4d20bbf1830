import type { Caller, Role } from "../src/access/caller.js";
import type { Account } from "../src/accounts/account.js";
import { createUseCases } from "../src/create-use-cases.js";
import { ensureOpenGeneration } from "../src/keyring/ensure-open-generation.js";
import { CURRENT_TERMS } from "../src/lifecycle/terms.js";
import type { Ports } from "../src/ports/ports.js";
import type { UseCases } from "../src/use-cases.js";
import type { MemoryKey } from "./memory-key.js";
import { createMemoryPorts, type MemoryPorts } from "./memory-ports.js";

export const SUPPORT_CALLER: Caller = { subject: "sam@support", roles: ["SUPPORT"] };

export const tenantCaller = (account: Pick<Account, "id">, role: Role = "ACCOUNT_ADMIN"): Caller => ({
  subject: `ada@${account.id}`,
  roles: [role],
  accountId: account.id,
});

/** The control plane over ports in memory, and the steps that many tests begin with. They throw if they are refused. */
export interface Scenario {
  readonly ports: MemoryPorts;
  readonly useCases: UseCases;
  createAccount(name?: string): Promise<Account>;
  /** An account that may enable EKM. */
  createActivated(name?: string): Promise<Account>;
  /** Makes one more generation under the vendor's key, closing the last. */
  addGeneration(account: Account): Promise<void>;
  /** A customer's key, its policy bound to the account. */
  keyFor(account: Account): MemoryKey;
  enable(account: Account, keyArn: string, useCases?: UseCases): ReturnType<UseCases["enableEkm"]>;
  /** The account as stored. */
  stored(account: Account): Promise<Account>;
}

export function createScenario(): Scenario {
  const ports = createMemoryPorts();
  const useCases = createUseCases(ports);
  const scenario: Scenario = {
    ports,
    useCases,
    async createAccount(name = "Acme") {
      const created = await useCases.createAccount(SUPPORT_CALLER, { name });
      if (!created.ok) throw new Error(JSON.stringify(created.error));
      return created.value;
    },
    async createActivated(name) {
      const { id: accountId } = await scenario.createAccount(name);
      const activated = await useCases.activateEkm(SUPPORT_CALLER, { accountId });
      if (!activated.ok) throw new Error(JSON.stringify(activated.error));
      return activated.value;
    },
    async addGeneration(account) {
      await closeGenerations(ports, account.id);
      const made = await ensureOpenGeneration(ports, account.id);
      if (!made.ok) throw new Error(made.error.code);
    },
    keyFor: (account) => ports.kms.addKey({ boundTo: account.id }),
    enable: (account, keyArn, through = useCases) =>
      through.enableEkm(tenantCaller(account), {
        keyArn,
        acceptedTermsVersion: CURRENT_TERMS.version,
        confirmIrreversible: true,
      }),
    async stored(account) {
      const found = await ports.store.read.accounts.byId(account.id);
      if (!found) throw new Error(`no account ${account.id}`);
      return found;
    },
  };
  return scenario;
}

const closeGenerations = ({ store, clock }: Ports, accountId: string) =>
  store.transaction(async (tx) => {
    for (const { generation } of await tx.keys.generations(accountId)) {
      await tx.keys.closeGeneration(accountId, generation, clock.now());
    }
  });
