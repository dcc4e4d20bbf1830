import type { KmsFailure, KmsOutcome } from "../src/ports/key-service.js";
import type { Ports } from "../src/ports/ports.js";
import type { Signer } from "../src/ports/signer.js";
import type { Repositories } from "../src/ports/store.js";

/** The process is gone: nothing after this point has run. */
export class Crash extends Error {}

type AllPorts = Ports & { readonly signer: Signer };

export interface Interrupted {
  readonly ports: AllPorts;
  /** Points passed so far. */
  readonly passed: () => number;
}

/**
 * The same ports, but the process dies at the n-th point: before or after a call to KMS (the vendor's keys too), to the key records or to the signer,
 * before a transaction, at each statement within it (rolled back), after its commit, and around a scrub.
 */
export function crashAt(ports: AllPorts, nth: number): Interrupted {
  let count = 0;
  const point = () => {
    count += 1;
    if (count >= nth) throw new Crash(`crash at point ${nth}`);
  };
  const around = everyPort(ports, point, (tx) => everyStatement(tx, point));
  return {
    passed: () => count,
    ports: {
      ...around,
      store: {
        ...around.store,
        async scrub() {
          point();
          await ports.store.scrub();
          point();
        },
      },
    },
  };
}

export interface Frozen {
  readonly ports: AllPorts;
  /** Resolves when the process stands still. */
  readonly stands: Promise<void>;
  /** Lets it go on. */
  thaw(): void;
}

/**
 * The same ports, but the process stands still at the n-th point, as one that was sent SIGSTOP: the points of `crashAt` but for
 * those within a transaction, which would keep the database to itself.
 */
export function freezeAt(ports: AllPorts, nth: number): Frozen {
  const [standing, thawed] = [gate(), gate()];
  let count = 0;
  const point = async () => {
    count += 1;
    if (count < nth) return;
    standing.open();
    await thawed.opened;
  };
  return { stands: standing.opened, thaw: thawed.open, ports: everyPort(ports, point, (tx) => tx) };
}

/** A point before and after each call of a port and each transaction, whose statements `within` wraps. */
const everyPort = (ports: AllPorts, point: () => void | Promise<void>, within: (tx: Repositories) => Repositories): AllPorts => ({
  ...ports,
  keyService: everyCall(ports.keyService, point),
  vendorKeys: everyCall(ports.vendorKeys, point),
  keyRecords: everyCall(ports.keyRecords, point),
  signer: everyCall(ports.signer, point),
  store: {
    ...ports.store,
    read: ports.store.read,
    async transaction(work) {
      await point();
      const result = await ports.store.transaction((tx) => work(within(tx)));
      await point();
      return result;
    },
  },
});

function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const everyStatement = (tx: Repositories, point: () => void): Repositories => {
  const wrapped = Object.entries(tx).map(([name, repository]) => [name, everyCall(repository, point)]);
  return Object.fromEntries(wrapped) as unknown as Repositories;
};

function everyCall<T extends object>(target: T, point: () => void | Promise<void>): T {
  return new Proxy(target, {
    get(object, name) {
      const member = Reflect.get(object, name);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        await point();
        const result = await member.apply(object, args);
        await point();
        return result;
      };
    },
  });
}

/** The same ports, but the n-th call to KMS answers with this failure. */
export function failAt(ports: AllPorts, nth: number, failure: Omit<KmsFailure, "keyArn">): Interrupted {
  let count = 0;
  const keyService = new Proxy(ports.keyService, {
    get(object, name) {
      const member = Reflect.get(object, name);
      return async (...args: unknown[]): Promise<KmsOutcome<unknown>> => {
        count += 1;
        if (count !== nth) return member.apply(object, args);
        const [first] = args as [string | { toKeyArn: string }];
        return { ok: false, error: { ...failure, keyArn: typeof first === "string" ? first : first.toKeyArn } };
      };
    },
  });
  return { ports: { ...ports, keyService }, passed: () => count };
}
