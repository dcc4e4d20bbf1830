import { createLeaseKeeper } from "@ekm/crypto-core";
import { createUseCases } from "../../src/create-use-cases.js";
import type { Problem } from "../../src/errors/outcome.js";
import { createKeyring } from "../../src/keyring/create-keyring.js";
import { createEpochWatch } from "../../src/locking/epoch-watch.js";
import type { Store } from "../../src/ports/store.js";
import { createWorkerUseCases } from "../../src/worker/create-worker-use-cases.js";
import type { MemoryPorts } from "../../testing/index.js";
import { crashAt } from "../interrupt.js";
import { type FaultRates, faultyKeyService } from "./faulty-key-service.js";
import type { Random } from "./random.js";

/** One incarnation of a process of the product: it dies at its n-th call to any port, wherever that is, and takes its leases along. */
export type Process = ReturnType<typeof startProcess>;

export function startProcess(
  name: string,
  ports: MemoryPorts,
  { store, random, rates, diesAt }: { store: Store; random: Random; rates: FaultRates; diesAt: number },
) {
  /** By `<account>/<generation>`: when the last unwrap that succeeded here was sent, in monotonic ms. */
  const openedAt = new Map<string, number>();
  const keyService = faultyKeyService(ports, random, rates, (accountId, generation, sentMs) =>
    openedAt.set(`${accountId}/${generation}`, sentMs),
  );
  const life = crashAt({ ...ports, store, keyService }, diesAt);
  const { clock, settings } = ports;
  const leases = createLeaseKeeper<Problem>({
    clock: {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.now().getTime(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
    durationMs: settings.leaseSeconds * 1000,
  });
  const watch = createEpochWatch({ readEpochs: (ids) => store.read.accounts.keyEpochs(ids), leases, clock });
  return {
    name,
    useCases: createUseCases(life.ports),
    worker: createWorkerUseCases(life.ports),
    keyring: createKeyring(life.ports, leases, watch),
    claim: (kinds: Parameters<Store["read"]["jobs"]["claim"]>[1]) =>
      life.ports.store.transaction((tx) => tx.jobs.claim(name, kinds, 15_000)),
    openedAt: openedAt as ReadonlyMap<string, number>,
    get isDead() {
      return life.passed() >= diesAt;
    },
    bury(): void {
      leases.close();
      watch.close();
    },
  };
}
