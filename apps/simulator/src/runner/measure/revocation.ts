import { formatDuration } from "../../experiments/duration.js";

/** How long plaintext went on after an act. Times are milliseconds since 1970. */
export interface Revocation {
  readonly job: string;
  readonly act: string;
  /** The act is effective. */
  readonly t0: number;
  /** The first call that AWS refused on the account's key after that; absent where none was (a lock on our side). */
  readonly t1: number | undefined;
  /** The last byte written to the restore's target, or the last frame sealed; absent: not one. */
  readonly t2: number | undefined;
  /** t2 - t0 may be no more than this, in milliseconds. */
  readonly limitMs: number;
  /** harness: it timed the bytes itself, and where the product names a later time that counts. self-reported: by the product alone. */
  readonly measuredBy: "harness" | "self-reported";
}

export const isWithinLimit = ({ t0, t2, limitMs }: Revocation): boolean => t2 === undefined || t2 - t0 <= limitMs;

/** The three spans and the limit, in words; a span that is negative means that nothing came after. */
export function revocationInWords(revocation: Revocation): string {
  const { t0, t1, t2, limitMs, measuredBy, job, act } = revocation;
  const last =
    t2 === undefined || t2 <= t0
      ? `${job}: no plaintext after ${act}`
      : `${job}: last plaintext t2-t0 ${formatDuration(t2 - t0)} after ${act}`;
  const refused =
    t1 === undefined
      ? ""
      : `, first refused call t1-t0 ${formatDuration(t1 - t0)}${t2 === undefined ? "" : `, t2-t1 ${signed(t2 - t1)}`}`;
  return `${last}${refused} (limit ${formatDuration(limitMs)}, ${measuredBy === "harness" ? "measured" : "self-reported"})`;
}

const signed = (ms: number): string => (ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms));
