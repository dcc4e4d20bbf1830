// Invariant: every round of checkpoints comes to the archive whole, once and in order, wherever a process dies and however many
// work at once; no checkpoint vouches for a chain that was changed past the product, and such a chain holds nobody else up.
import { beforeEach, describe, expect, it } from "vitest";
import { asCheckpointClaims, asRoundClaims, digestOf } from "../src/audit/checkpoint.js";
import type { AuditEvent } from "../src/audit/event.js";
import { type CheckpointPace, takeCheckpoints } from "../src/audit/take-checkpoints.js";
import type { Repositories, Store } from "../src/ports/store.js";
import { verifyJws } from "../src/signing/ed25519-signer.js";
import { createMemoryArchive, createMemoryPorts, SIGNER_PUBLIC_KEY } from "../testing/index.js";

const HOUR: CheckpointPace = { everyMs: 3_600_000, entries: 100 };
let ports: ReturnType<typeof createMemoryPorts>;
let archive: ReturnType<typeof createMemoryArchive>;
beforeEach(() => {
  ports = createMemoryPorts();
  archive = createMemoryArchive();
});

const append = (accountId: string, count = 1) =>
  ports.store.transaction(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      const entry = { actor: "ada", action: "BACKUP", outcome: "DONE", detail: "Backup.", awsRequestIds: [] } as const;
      await tx.audit.append(accountId, ports.clock.now(), entry);
    }
  });
const take = (over: Partial<Parameters<typeof takeCheckpoints>[0]> = {}, pace = HOUR) =>
  takeCheckpoints({ ...ports, archive, ...over }, pace)();
const later = () => ports.clock.advance(HOUR.everyMs);
const claimsOf = (name: string) => {
  const payload = verifyJws(archive.documents.get(name) ?? "", SIGNER_PUBLIC_KEY);
  if (payload === null) throw new Error(`${name} is not signed`);
  return payload;
};
const checkpoint = (account: string, sequence: number) =>
  `audit-checkpoints/${account}/${String(sequence).padStart(12, "0")}.jws`;
const round = (n: number) => `audit-checkpoints/rounds/${String(n).padStart(12, "0")}.jws`;

describe("a round", () => {
  it("signs how far each chain has come, and links every document to the one before", async () => {
    await append("acc_1", 3);
    await append("acc_2", 1);
    expect(await take()).toEqual({ round: 1, checkpoints: 2, more: false, broken: [], taken: [] });
    await append("acc_1", 2);
    await later();
    expect(await take()).toMatchObject({ round: 2, checkpoints: 1 });
    expect([...archive.documents.keys()]).toEqual([
      checkpoint("acc_1", 3),
      checkpoint("acc_2", 1),
      round(1),
      checkpoint("acc_1", 5),
      round(2),
    ]);
    const [first, second] = [claimsOf(checkpoint("acc_1", 3)), claimsOf(checkpoint("acc_1", 5))];
    const chain = await ports.store.read.audit.chain("acc_1", 0, 10);
    expect(asCheckpointClaims(first)).toMatchObject({ accountId: "acc_1", sequence: 3, hash: chain[2]?.hash, previous: null });
    expect(asCheckpointClaims(second)).toMatchObject({
      sequence: 5,
      hash: chain[4]?.hash,
      keyId: ports.signer.keyId,
      previous: digestOf(archive.documents.get(checkpoint("acc_1", 3)) ?? ""),
    });
    expect(asRoundClaims(claimsOf(round(2)))).toMatchObject({
      round: 2,
      previous: digestOf(archive.documents.get(round(1)) ?? ""),
      checkpoints: [{ accountId: "acc_1", sequence: 5, digest: digestOf(archive.documents.get(checkpoint("acc_1", 5)) ?? "") }],
    });
  });

  it("is made in time also when nothing happened, at once after many entries, and not before the first entry", async () => {
    expect((await take()).round).toBeNull();
    await append("acc_1");
    expect((await take()).round).toBe(1);
    expect((await take()).round).toBeNull();
    await later();
    expect(await take()).toMatchObject({ round: 2, checkpoints: 0 });
    await append("acc_1", HOUR.entries - 1);
    expect((await take()).round).toBeNull();
    await append("acc_2");
    expect(await take()).toMatchObject({ round: 3, checkpoints: 2 });
  });

  it("lists a bounded number of chains and asks to be called again", async () => {
    for (let n = 0; n < 501; n += 1) await append(`acc_${String(n).padStart(3, "0")}`);
    expect(await take()).toMatchObject({ round: 1, checkpoints: 500, more: true });
    await later();
    expect(await take()).toMatchObject({ round: 2, checkpoints: 1, more: false });
  });

  it("is one, when two processes make it at once", async () => {
    await append("acc_1", 3);
    const ends = await Promise.all([take(), take(), take()]);
    expect(ends.filter(({ round }) => round === 1)).toHaveLength(1);
    expect([...archive.documents.keys()]).toEqual([checkpoint("acc_1", 3), round(1)]);
  });
});

describe("a chain that was changed past the product", () => {
  /** The store, as it reads after somebody's edits. */
  const edited = (edit: (event: AuditEvent) => AuditEvent | null): Store => {
    const chain: Repositories["audit"]["chain"] = async (...request) =>
      (await ports.store.read.audit.chain(...request)).flatMap((event) => edit(event) ?? []);
    return { ...ports.store, read: { ...ports.store.read, audit: { ...ports.store.read.audit, chain } } };
  };
  const at = (sequence: number, edit: (event: AuditEvent) => AuditEvent | null) =>
    edited((event) => (event.accountId === "acc_1" && event.sequence === sequence ? edit(event) : event));

  it.each<[string, (event: AuditEvent) => AuditEvent | null, number]>([
    ["an edit", (event) => ({ ...event, detail: "Nothing." }), 3],
    ["a removal", () => null, 3],
    ["a time that is none", (event) => ({ ...event, at: new Date(Number.NaN) }), 3],
  ])("gets no checkpoint, and others do: %s", async (_what, edit, sequence) => {
    await append("acc_1", 2);
    await append("acc_2", 2);
    await take();
    await append("acc_1", 3);
    await append("acc_2", 3);
    await later();
    const store = at(sequence, edit);
    expect(await take({ store })).toMatchObject({ round: 2, checkpoints: 1, broken: [{ accountId: "acc_1", sequence }] });
    expect(archive.documents.has(checkpoint("acc_2", 5))).toBe(true);
    expect(archive.documents.has(checkpoint("acc_1", 5))).toBe(false);
  });

  it.each<[string, { sequence: number; hash: string }, number]>([
    ["became shorter", { sequence: 1, hash: "a".repeat(64) }, 2],
    ["ends with another hash", { sequence: 2, hash: "a".repeat(64) }, 2],
    ["is recorded as longer than it is", { sequence: 9, hash: "a".repeat(64) }, 3],
  ])("is named when it %s, and does not make rounds more frequent", async (_what, head, sequence) => {
    await append("acc_1", 2);
    await take();
    const { read } = ports.store;
    const moved: Repositories["checkpoints"]["moved"] = async (after) => {
      const last = (await read.checkpoints.ofAccount("acc_1", 0, 1))[0];
      return after >= "acc_1" || last === undefined ? [] : [{ accountId: "acc_1", head, last }];
    };
    const store = { ...ports.store, read: { ...read, checkpoints: { ...read.checkpoints, moved } } };
    expect(await take({ store }, { ...HOUR, entries: 1 })).toMatchObject({ round: null });
    await later();
    expect(await take({ store })).toMatchObject({ round: 2, checkpoints: 0, broken: [{ accountId: "acc_1", sequence }] });
  });
});

describe("after an older database was put back", () => {
  it("keeps both histories, and says whose names were taken", async () => {
    await append("acc_1", 2);
    await take();
    ports = createMemoryPorts();
    await ports.clock.advance(1);
    await append("acc_1", 2);
    const { taken } = await take();
    expect(taken).toEqual([checkpoint("acc_1", 2), round(1)]);
    expect([...archive.documents.keys()].filter((name) => /\.[0-9a-f]{16}\.jws$/.test(name))).toHaveLength(2);
  });
});

it("survives a death at any point: nothing is lost, nothing doubled, and the order stays", async () => {
  /** The process dies before, and after, the n-th thing that it does outside itself. */
  const dying = (nth: number) => {
    let count = 0;
    const point = () => {
      count += 1;
      if (count === nth) throw new Error("death");
    };
    const around = async <T>(work: () => Promise<T>): Promise<T> => {
      point();
      const result = await work();
      point();
      return result;
    };
    return {
      store: {
        ...ports.store,
        transaction: <T>(work: (tx: Repositories) => Promise<T>) => around(() => ports.store.transaction(work)),
      },
      signer: { ...ports.signer, sign: (payload: Readonly<Record<string, unknown>>) => around(() => ports.signer.sign(payload)) },
      archive: { add: (name: string, document: string) => around(() => archive.add(name, document)) },
      died: () => count >= nth,
    };
  };
  let deaths = 0;
  for (let nth = 1; ; nth += 1) {
    ports = createMemoryPorts();
    archive = createMemoryArchive();
    await append("acc_1", 3);
    await append("acc_2", 2);
    const process = dying(nth);
    await take(process).catch(() => undefined);
    if (!process.died()) break;
    deaths += 1;
    await take();
    expect(await ports.store.read.checkpoints.firstUnexported(), "the next look exports, due or not").toBeNull();
    await append("acc_1", 1);
    await later();
    await take();
    const rounds = [...archive.documents.keys()].filter((name) => name.includes("/rounds/"));
    expect(rounds.length, `death ${nth}`).toBeGreaterThan(0);
    let previous: string | null = null;
    const listed: string[] = [];
    for (const name of rounds) {
      const claims = asRoundClaims(claimsOf(name));
      expect(claims?.previous, `death ${nth}`).toBe(previous);
      previous = digestOf(archive.documents.get(name) ?? "");
      for (const { accountId, sequence, digest } of claims?.checkpoints ?? []) {
        listed.push(checkpoint(accountId, sequence));
        expect(digestOf(archive.documents.get(checkpoint(accountId, sequence)) ?? "")).toBe(digest);
      }
    }
    expect(listed).toContain(checkpoint("acc_1", 4));
    expect([...archive.documents.keys()].filter((name) => !name.includes("/rounds/")).sort()).toEqual(listed.sort());
    expect(await ports.store.read.checkpoints.firstUnexported()).toBeNull();
  }
  // Three signatures, two transactions, three documents: before and after each.
  expect(deaths).toBe(16);
});
