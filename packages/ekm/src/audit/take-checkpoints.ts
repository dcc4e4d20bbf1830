import type { CheckpointArchive } from "../ports/checkpoint-archive.js";
import type { MovedChain } from "../ports/checkpoint-store.js";
import type { Ports } from "../ports/ports.js";
import type { Signer } from "../ports/signer.js";
import { type CheckpointClaims, digestOf, type RoundClaims, type SignedCheckpoint, type SignedRound } from "./checkpoint.js";
import { exportCheckpoints } from "./export-checkpoints.js";
import { verifyGrowth } from "./verify-growth.js";

type CheckpointPorts = Pick<Ports, "store" | "clock"> & { readonly signer: Signer; readonly archive: CheckpointArchive };

export interface CheckpointPace {
  /** A round at least this often, whether or not a chain grew: silence shows. */
  readonly everyMs: number;
  /** And at once when so many entries, of all accounts, have no checkpoint yet. */
  readonly entries: number;
}

export interface CheckpointRound {
  /** null: none was due, or another process made it. */
  readonly round: number | null;
  readonly checkpoints: number;
  /** More chains have grown than one round lists: call again at once. */
  readonly more: boolean;
  /** Chains that are not as they were written; they get no checkpoint. */
  readonly broken: readonly { readonly accountId: string; readonly sequence: number }[];
  /** Names in the archive that other documents have: an older database was put back, or somebody else signs. */
  readonly taken: readonly string[];
}

const PAGE = 500;

/**
 * Signs where the chains have come to, if that is due, keeps it, and exports what is kept. In this order: verify, sign, one
 * transaction, the archive, the mark. A crash before the transaction leaves nothing; after it the next call goes on with the export.
 * Many processes may call it: one of them makes each round. Throws what store, signer and archive throw.
 */
export function takeCheckpoints(ports: CheckpointPorts, pace: CheckpointPace): () => Promise<CheckpointRound> {
  const { store, clock, signer } = ports;
  return async () => {
    const before = await exportCheckpoints(ports);
    const last = await store.read.checkpoints.lastRound();
    const first = await store.read.checkpoints.moved("", PAGE);
    const none = { round: null, checkpoints: 0, more: false, broken: [], taken: before };
    const overdue = isOverdue(last, clock.now(), pace);
    if (!overdue && growthOf(first) < pace.entries) return none;
    const { sound, broken, more } = await soundChains(ports, first);
    if (sound.length === 0 && last === null) return { ...none, broken };
    if (!overdue && growthOf(sound) < pace.entries) return { ...none, broken };

    const round = (last?.round ?? 0) + 1;
    const at = clock.now();
    const checkpoints: SignedCheckpoint[] = [];
    for (const chain of sound) checkpoints.push(await signCheckpoint(signer, chain, round, at));
    const signed = await signRound(signer, { round, at, previous: last?.digest ?? null }, checkpoints);
    const kept = await store.transaction(async (tx) => {
      if ((await tx.checkpoints.lastRound())?.digest !== last?.digest) return false;
      await tx.checkpoints.insert(signed, checkpoints);
      return true;
    });
    if (!kept) return { ...none, broken };
    const after = await exportCheckpoints(ports);
    return { round, checkpoints: checkpoints.length, more, broken, taken: [...before, ...after] };
  };
}

/** Away from the last round in either direction: a clock that was set back must not silence it. */
const isOverdue = (last: SignedRound | null, now: Date, { everyMs }: CheckpointPace): boolean =>
  last === null || Math.abs(now.getTime() - last.at.getTime()) >= everyMs;

const growthOf = (chains: readonly MovedChain[]): number =>
  chains.reduce((sum, { head, last }) => sum + Math.max(0, head.sequence - (last?.sequence ?? 0)), 0);

/** The first chains that are whole, at most a page of them; those that are not hold nobody up. */
async function soundChains({ store }: CheckpointPorts, first: readonly MovedChain[]) {
  const sound: MovedChain[] = [];
  const broken: { accountId: string; sequence: number }[] = [];
  for (let page = first; ; ) {
    for (const chain of page) {
      if (sound.length === PAGE) return { sound, broken, more: true };
      const sequence = await verifyGrowth(store.read.audit, chain);
      if (sequence === null) sound.push(chain);
      else broken.push({ accountId: chain.accountId, sequence });
    }
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return { sound, broken, more: false };
    page = await store.read.checkpoints.moved(end.accountId, PAGE);
  }
}

async function signCheckpoint(
  signer: Signer,
  { accountId, head: { sequence, hash }, last }: MovedChain,
  round: number,
  at: Date,
): Promise<SignedCheckpoint> {
  const claims: CheckpointClaims = {
    iss: "ekm",
    purpose: "audit-checkpoint",
    version: 1,
    ...{ accountId, sequence, hash, at: at.toISOString(), keyId: signer.keyId, previous: last?.digest ?? null },
  };
  const jws = await signer.sign({ ...claims });
  return { accountId, sequence, hash, round, jws, digest: digestOf(jws) };
}

async function signRound(
  signer: Signer,
  { round, at, previous }: { readonly round: number; readonly at: Date; readonly previous: string | null },
  checkpoints: readonly SignedCheckpoint[],
): Promise<SignedRound> {
  const claims: RoundClaims = {
    iss: "ekm",
    purpose: "audit-round",
    version: 1,
    ...{ round, at: at.toISOString(), keyId: signer.keyId, previous },
    checkpoints: checkpoints.map(({ accountId, sequence, hash, digest }) => ({ accountId, sequence, hash, digest })),
  };
  const jws = await signer.sign({ ...claims });
  return { round, at, jws, digest: digestOf(jws) };
}
