/** What the page knows and what is chosen in it. */
export const state = {
  isConnected: false,
  lastHeardAt: null,
  /** Null until the simulator has told. */
  world: null,
  product: null,
  run: null,
  experiments: null,
  experimentsError: null,
  /** Of the call log, the oldest first. */
  lines: [],
  /** What is shown while it is paused. */
  paused: null,
  filter: { text: "", outcome: "all", mine: false },
  search: "",
  /** Acts that are on their way: their switches wait. */
  busy: new Set(),
};

/** Accounts as pairs: what the product has, and the AWS account of its key. */
export function pairs() {
  const { world, product } = state;
  const aws = new Map((world?.accounts ?? []).map((account) => [account.id, account]));
  const taken = new Set();
  const ofProduct = (product?.accounts ?? []).map((seen) => {
    const owner = seen.account?.ekm?.key?.awsAccountId;
    if (owner !== undefined) taken.add(owner);
    return { id: seen.id, title: seen.account?.name ?? seen.id, seen, aws: aws.get(owner) ?? null };
  });
  const others = [...aws.values()]
    .filter(({ id }) => !taken.has(id))
    .map((account) => ({ id: account.id, title: account.name, seen: null, aws: account }));
  // Those with a key first: they are what can be broken.
  const rank = (pair) => (pair.aws?.keys.length ? 0 : pair.aws?.isVendor ? 2 : 1);
  return [...ofProduct, ...others].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
}

/** `#/experiments`, `#/ID of an account` or nothing. */
export function place() {
  const name = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
  return name === "experiments" ? { view: "experiments" } : { view: "accounts", id: name };
}
