type Prefix = readonly [network: readonly number[], bits: number];

/** Not for the public Internet (IANA's IPv4 Special-Purpose Address Registry; multicast; what is reserved). */
const SPECIAL_V4: readonly Prefix[] = [
  [[0, 0, 0, 0], 8], // this network
  [[10, 0, 0, 0], 8], // private
  [[100, 64, 0, 0], 10], // shared by a carrier's customers
  [[127, 0, 0, 0], 8], // loopback
  [[169, 254, 0, 0], 16], // link-local, and the metadata of cloud machines
  [[172, 16, 0, 0], 12], // private
  [[192, 0, 0, 0], 24], // protocol assignments
  [[192, 0, 2, 0], 24], // documentation
  [[192, 88, 99, 0], 24], // 6to4 relays
  [[192, 168, 0, 0], 16], // private
  [[198, 18, 0, 0], 15], // benchmarks
  [[198, 51, 100, 0], 24], // documentation
  [[203, 0, 113, 0], 24], // documentation
  [[224, 0, 0, 0], 4], // multicast
  [[240, 0, 0, 0], 4], // reserved, broadcast
];

/** All public IPv6 addresses lie in 2000::/3: loopback, local, mapped, translated and multicast ones lie outside. */
const GLOBAL_V6: Prefix = [[0x20, 0], 3];
/** Within it, by IANA's IPv6 Special-Purpose Address Registry; the first holds Teredo, the third wraps an IPv4 address. */
const SPECIAL_V6: readonly Prefix[] = [
  [[0x20, 0x01, 0, 0], 23], // protocol assignments
  [[0x20, 0x01, 0x0d, 0xb8], 32], // documentation
  [[0x20, 0x02], 16], // 6to4
  [[0x3f, 0xff, 0, 0], 20], // documentation
];

/**
 * Whether an IP address, as text, may be a receiver of the public Internet. Loopback, private, link-local, shared, multicast,
 * reserved, documentation and every IPv6 form that carries an IPv4 address are not; neither is what is no address.
 */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== null) return !SPECIAL_V4.some((prefix) => within(v4, prefix));
  const v6 = parseV6(address);
  return v6 !== null && within(v6, GLOBAL_V6) && !SPECIAL_V6.some((prefix) => within(v6, prefix));
}

function within(bytes: readonly number[], [network, bits]: Prefix): boolean {
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 0x80 >> (bit & 7);
    if (((bytes[bit >> 3] ?? 0) & mask) !== ((network[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

/** Dotted decimal alone: the other spellings are a URL parser's to read. */
function parseV4(text: string): readonly number[] | null {
  const parts = text.split(".");
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : Number.NaN));
  return parts.length === 4 && bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseV6(text: string): readonly number[] | null {
  const sides = text.split("::");
  if (sides.length > 2) return null;
  const [head = [], tail = []] = sides.map((side, at) => groupsOf(side, at === sides.length - 1));
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<number>(Math.max(0, missing)).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** The 16-bit groups of one side of `::`; the address may end as an IPv4 address does. */
function groupsOf(side: string, isEnd: boolean): number[] | null {
  if (side === "") return [];
  const groups: number[] = [];
  const parts = side.split(":");
  for (const [at, part] of parts.entries()) {
    const v4 = isEnd && at === parts.length - 1 ? parseV4(part) : null;
    if (v4 !== null) groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
