import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublicAddress } from "@ekm/ekm";

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host name; rejects, or answers none, when there is none. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

export class AddressRefused extends Error {
  override name = "AddressRefused";
}
export class HostUnknown extends Error {
  override name = "HostUnknown";
}

/**
 * The addresses to connect to, and no others: a name that is asked for again at the connection could answer another one by then. One
 * address that may not be used is enough to refuse the host. Rejects with AddressRefused, HostUnknown or what `resolve` rejects with.
 */
export async function checkedAddresses(
  hostname: string,
  { resolve, allowPrivate, signal }: { resolve: Resolve; allowPrivate: boolean; signal: AbortSignal },
): Promise<readonly Address[]> {
  const literal = /^\[(.*)\]$/.exec(hostname)?.[1] ?? hostname;
  const found = isIP(literal) === 0 ? await resolve(hostname, signal) : [literal];
  const addresses = found.flatMap((address): Address[] => {
    const family = isIP(address);
    return family === 4 || family === 6 ? [{ address, family }] : [];
  });
  if (addresses.length === 0) throw new HostUnknown();
  if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) throw new AddressRefused();
  return addresses;
}

const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;

/**
 * By DNS alone, over sockets: the system's own look-up blocks one of the process's few pool threads, on which its files and its
 * database wait too, and a name server that never answers could hold them all.
 */
export const resolveByDns: Resolve = async (hostname, signal) => {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  } finally {
    signal.removeEventListener("abort", cancel);
  }
};

/** As the machine itself would, `localhost` and its host file included. For development. */
export const resolveBySystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true }).catch(() => [])).map(({ address }) => address);
