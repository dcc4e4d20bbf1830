import type { KeyWrap } from "../keys/generation.js";
import type { Ports } from "../ports/ports.js";
import type { Signer } from "../ports/signer.js";
import type { KeyRotation, RetirementCertificate } from "./rotation.js";

/** What a retirement certificate's JWS says. Times are ISO-8601 UTC; `backupsCovered` is a decimal string. */
export interface RetirementClaims {
  readonly iss: "ekm";
  readonly accountId: string;
  readonly rotationId: string;
  readonly fromArn: string;
  readonly toArn: string;
  /** Generations that the new key opens, and the succeeded backups in them. */
  readonly generationsCounted: number;
  readonly backupsCovered: string;
  readonly switchedAt: string;
  readonly oldWrapsDeletedAt: string;
  /** Retention of the service's own database backups and replicas, in which old wraps live on. */
  readonly databaseRetentionDays: number;
  readonly leaseSeconds: number;
  readonly safeToRetireAfter: string;
  readonly signedAt: string;
}

export interface Retirement {
  /** Absent: something live still depends on the former key. */
  readonly certificate?: RetirementCertificate;
  readonly moved: { readonly generations: number; readonly backups: bigint };
}

interface Facts {
  readonly rotation: KeyRotation;
  /** All of the account, after the superseded ones were deleted. */
  readonly wraps: readonly KeyWrap[];
  /** Succeeded backups by generation. */
  readonly backups: ReadonlyMap<number, bigint>;
  readonly oldWrapsDeletedAt: Date;
}

const DAY_MS = 24 * 3600 * 1000;

/** Certifies that nothing live depends on the former key, if that is so. Throws what the signer throws. */
export async function certify(
  { clock, settings, signer }: Pick<Ports, "clock" | "settings"> & { readonly signer: Signer },
  { rotation, wraps, backups, oldWrapsDeletedAt }: Facts,
): Promise<Retirement> {
  const { id: rotationId, accountId, fromArn, toArn, switchedAt } = rotation;
  if (switchedAt === undefined) throw new Error(`rotation ${rotationId} has not switched`);
  const under = wraps.filter((wrap) => wrap.keyArn === toArn && wrap.state === "CURRENT");
  const covered = under.reduce((sum, wrap) => sum + (backups.get(wrap.generation) ?? 0n), 0n);
  const moved = { generations: under.length, backups: covered };
  if (wraps.some((wrap) => wrap.keyArn === fromArn)) return { moved };

  const { databaseRetentionDays, leaseSeconds } = settings;
  const signedAt = clock.now();
  const safeToRetireAfter = new Date(switchedAt.getTime() + databaseRetentionDays * DAY_MS + leaseSeconds * 1000);
  const claims: RetirementClaims = {
    iss: "ekm",
    ...{ accountId, rotationId, fromArn, toArn },
    generationsCounted: moved.generations,
    backupsCovered: String(moved.backups),
    switchedAt: switchedAt.toISOString(),
    oldWrapsDeletedAt: oldWrapsDeletedAt.toISOString(),
    ...{ databaseRetentionDays, leaseSeconds },
    safeToRetireAfter: safeToRetireAfter.toISOString(),
    signedAt: signedAt.toISOString(),
  };
  const jws = await signer.sign({ ...claims });
  const counted = { generationsCounted: moved.generations, backupsCovered: moved.backups };
  return { moved, certificate: { jws, keyId: signer.keyId, signedAt, safeToRetireAfter, ...counted } };
}
