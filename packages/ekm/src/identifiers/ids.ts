import { randomBytes } from "node:crypto";
import type { Clock, Ids } from "../ports/clock.js";

/** Account, source, backup, restore, verification, rotation, audit event, job, key wrap, key health, webhook, delivery of one, test message. */
export const ID_PREFIXES = ["acc", "src", "bkp", "rst", "vrf", "rot", "aud", "job", "wrp", "hlt", "whk", "whd", "msg"] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_BITS = 80n;
const ID_LENGTH = 26;

/** Crockford's base 32, 26 characters for 128 bits. */
function encode(value: bigint): string {
  let text = "";
  for (let rest = value, n = 0; n < ID_LENGTH; n += 1, rest >>= 5n) text = ALPHABET.charAt(Number(rest & 31n)) + text;
  return text;
}

/**
 * `<prefix>_<26 characters>`: 48 bits of time in milliseconds, then 80 random bits (the layout of a ULID). Within one process
 * ids ascend strictly, also within a millisecond and when the clock is set back: the last value is then counted up.
 */
export function createIds(clock: Pick<Clock, "now">, random: (bytes: number) => Uint8Array = randomBytes): Ids {
  let last = -1n;
  return {
    next(prefix) {
      const time = BigInt(clock.now().getTime());
      const fresh = (time << RANDOM_BITS) | BigInt(`0x${Buffer.from(random(10)).toString("hex")}`);
      last = time > last >> RANDOM_BITS ? fresh : last + 1n;
      return `${prefix}_${encode(last)}`;
    },
  };
}

const ID = new RegExp(`^(${ID_PREFIXES.join("|")})_[0-7][${ALPHABET}]{25}$`);

/** The kind of thing that an id names; null when it is not an id of ours. */
export function prefixOf(id: string): IdPrefix | null {
  return (ID.exec(id)?.[1] as IdPrefix | undefined) ?? null;
}
