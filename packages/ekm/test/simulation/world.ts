import { createHmac } from "node:crypto";
import type { AccountKey } from "@ekm/crypto-core";
import type { Account } from "../../src/accounts/account.js";
import type { ChainHead } from "../../src/audit/chain.js";
import { createUseCases } from "../../src/create-use-cases.js";
import type { Job } from "../../src/jobs/job.js";
import type { AccessibleKey } from "../../src/keyring/create-keyring.js";
import { ensureKeyRecord } from "../../src/keyring/ensure-key-record.js";
import { ensureOpenGeneration } from "../../src/keyring/ensure-open-generation.js";
import { CURRENT_TERMS } from "../../src/lifecycle/terms.js";
import type { Store } from "../../src/ports/store.js";
import type { UseCases } from "../../src/use-cases.js";
import { createMemoryPorts, type MemoryKey, type MemoryPorts, SUPPORT_CALLER, tenantCaller } from "../../testing/index.js";
import { Crash } from "../interrupt.js";
import { damage } from "../support/rotations.js";
import type { FaultRates } from "./faulty-key-service.js";
import { observedStore } from "./observed-store.js";
import { type Process, startProcess } from "./process.js";
import { Random } from "./random.js";
import { Findings } from "./violation.js";

/** A tenant, and the keys in its AWS account. */
export interface Tenant {
  readonly account: Account;
  readonly sourceId: string;
  readonly keys: readonly MemoryKey[];
}

/** A job of the data plane that a worker has begun and not ended. */
export interface Session {
  readonly process: Process;
  readonly job: Job;
  readonly key: AccessibleKey;
}

export const LEASE_SECONDS = 10;

/** What happens in it follows from the seed alone. */
export class World {
  readonly random: Random;
  readonly findings = new Findings();
  readonly ports: MemoryPorts;
  readonly rates: FaultRates;
  readonly tenants: Tenant[] = [];
  readonly sessions = new Set<Session>();
  /** By object name: what a backup sealed. */
  readonly objects = new Map<string, string>();
  /** By job id: the fence of the last claim. */
  readonly fences = new Map<string, number>();
  readonly log: string[] = [];
  requests = 0;
  /** `<account>/<generation>`: no copy of it opens any more, in the database or beside the backups. */
  readonly damaged = new Set<string>();
  /** Accounts whose admin has asked to enable whatever is lost. */
  readonly resigned = new Set<string>();
  /** What was found good and cannot change: the audit chain so far, and wraps by their bytes. */
  readonly verified = { heads: new Map<string, ChainHead | null>(), wraps: new Set<Uint8Array>() };
  readonly store: Store;
  mortal = true;
  #gateway: Process | undefined;
  readonly #workers: (Process | undefined)[] = [undefined, undefined];

  private constructor(seed: number, ports: MemoryPorts) {
    this.random = new Random(seed);
    // Each life has troubles of its own: some have none of a kind, some have many.
    const often = (rate: number): number => rate * (this.random.pick([0, 1, 1, 5]) ?? 0);
    this.rates = { transient: often(0.02), refusal: often(0.01), lie: often(0.01), slow: often(0.02) };
    this.ports = ports;
    const leaseMs = LEASE_SECONDS * 1000;
    this.store = observedStore(
      ports.store,
      ports.clock,
      () => this.tenants.map(({ account }) => account.id),
      leaseMs,
      this.findings,
    );
  }

  static async create(seed: number): Promise<World> {
    const ports = createMemoryPorts({ leaseSeconds: LEASE_SECONDS, healthIntervalSeconds: 30 });
    const world = new World(seed, ports);
    const useCases = createUseCases(ports);
    for (const [place, name] of (world.random.chance(0.3) ? ["acme", "zeta"] : ["acme"]).entries()) {
      const created = await useCases.createAccount(SUPPORT_CALLER, { name });
      if (!created.ok) throw new Error("no account");
      const account = created.value;
      const source = { id: ports.ids.next("src"), accountId: account.id, name, kind: "DIRECTORY", location: `/${name}` } as const;
      await ports.store.transaction((tx) => tx.sources.insert({ ...source, createdAt: ports.clock.now() }));
      const keys = ["us-east-1", "us-east-1", "eu-west-1"].map((region, at) => {
        const arn = `arn:aws:kms:${region}:111122223333:key/00000000-0000-4000-8000-00000000000${place * 3 + at + 1}`;
        return ports.kms.addKey({ arn, boundTo: account.id });
      });
      const tenant = { account, sourceId: source.id, keys };
      world.tenants.push(tenant);
      await world.#comeThisFar(tenant, useCases);
    }
    return world;
  }

  /** Most lives begin when EKM is enabled, some before, and some of these with a generation that nothing opens. */
  async #comeThisFar(tenant: Tenant, useCases: UseCases): Promise<void> {
    const { id: accountId } = tenant.account;
    if (this.random.chance(0.2)) return;
    await useCases.activateEkm(SUPPORT_CALLER, { accountId });
    const [key] = tenant.keys;
    if (key === undefined || this.random.chance(0.2)) return this.random.chance(0.5) ? this.#damageOne(tenant) : undefined;
    const consent = { acceptedTermsVersion: CURRENT_TERMS.version, confirmIrreversible: true };
    await useCases.enableEkm(adminOf(tenant), { keyArn: key.arn, ...consent });
  }

  /** Three generations under the vendor's key, of one of which every copy is damaged. */
  async #damageOne({ account }: Tenant): Promise<void> {
    const { ports } = this;
    for (let n = 0; n < 3; n += 1) {
      await ports.store.transaction(async (tx) => {
        for (const row of await tx.keys.generations(account.id))
          await tx.keys.closeGeneration(account.id, row.generation, ports.clock.now());
      });
      const made = await ensureOpenGeneration(ports, account.id);
      if (!made.ok) throw new Error(made.error.code);
      await ensureKeyRecord(ports, made.value);
    }
    const doomed = 1 + this.random.below(3);
    await damage({ ports, account, wraps: () => ports.store.read.keys.wraps(account.id) }, [doomed]);
    this.damaged.add(`${account.id}/${doomed}`);
  }

  note(text: string): void {
    this.log.push(`${(this.ports.clock.monotonicMs() / 1000).toFixed(2)}s ${text}`);
  }

  /** The processes, each born anew when its last incarnation has died. */
  get gateway(): Process {
    this.#gateway = this.#alive(this.#gateway, "gateway");
    return this.#gateway;
  }
  worker(at: 0 | 1): Process {
    const worker = this.#alive(this.#workers[at], `worker ${at + 1}`);
    this.#workers[at] = worker;
    return worker;
  }

  /** Lets it run to its end, moving time on where it waits; a crash of its process is an end too. */
  async run<T>(what: string, work: () => Promise<T>): Promise<T | "crashed"> {
    let ended = false;
    const running = work()
      .catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        this.note(`  ${what}: the process died`);
        return "crashed" as const;
      })
      .finally(() => {
        ended = true;
      });
    running.catch(() => {});
    for (let waited = 0; ; waited += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (ended) return running;
      if (waited > 5_000) throw new Error(`${what} does not end`);
      await this.ports.clock.advance(200);
    }
  }

  drop(session: Session): void {
    this.sessions.delete(session);
    session.key.release();
  }

  #alive(known: Process | undefined, name: string): Process {
    if (known !== undefined && !known.isDead) return known;
    if (known !== undefined) {
      for (const session of this.sessions) if (session.process === known) this.sessions.delete(session);
      known.bury();
    }
    const diesAt = this.mortal ? 20 + this.random.below(1500) : Number.POSITIVE_INFINITY;
    const { store, random, rates } = this;
    return startProcess(name, this.ports, { store, random, rates, diesAt });
  }

  /** Ends every process. */
  kill(): void {
    this.close();
    this.sessions.clear();
    this.#gateway = undefined;
    this.#workers.fill(undefined);
  }

  close(): void {
    for (const process of [this.#gateway, ...this.#workers]) process?.bury();
  }
}

/** What stands for a backup's bytes: nobody can make it, or check it, without the account key. */
export const sealedWith = (key: AccountKey, backupId: string): string =>
  key.use((bytes) => createHmac("sha256", bytes).update(backupId).digest("hex"));

export const adminOf = ({ account }: Tenant) => tenantCaller(account);
