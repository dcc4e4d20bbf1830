import { errorCatalog } from "../generated/error-catalog.js";
import type { AccountFilter } from "../generated/operations.js";
import { jobMutations } from "./mutations/jobs.js";
import { keyMutations } from "./mutations/keys.js";
import { lifecycleMutations } from "./mutations/lifecycle.js";
import { createMutations } from "./mutations/mutation.js";
import { webhookMutations } from "./mutations/webhooks.js";
import { type PageRequest, pageOf } from "./page.js";
import { healthStateOf, presentAccount, presentWebhook, statusOf } from "./present.js";
import type { AccountRecord, World } from "./world.js";

const matches =
  ({ ekmStatus, health, keyManagement, search }: AccountFilter) =>
  (account: AccountRecord): boolean =>
    (ekmStatus == null || (account.activation !== null && statusOf(account) === ekmStatus)) &&
    (health == null || (account.key !== null && healthStateOf(account) === health)) &&
    (keyManagement == null || (account.key === null ? "CLOUD" : "ENTERPRISE") === keyManagement) &&
    (search == null || account.name.toLowerCase().includes(search.toLowerCase()) || account.id === search);

function findNode(world: World, id: string): unknown {
  for (const account of world.accounts) {
    if (account.id === id) return presentAccount(account);
    const { sources, backups, restores, verifications, rotations, audit, webhooks } = account;
    const deliveries = webhooks.flatMap((webhook) => webhook.deliveries);
    const nodes = [...sources, ...backups, ...restores, ...verifications, ...rotations, ...audit, ...deliveries];
    const node = nodes.find((each) => each.id === id);
    if (node !== undefined) return node;
    const webhook = account.webhooks.find((each) => each.id === id);
    if (webhook !== undefined) return presentWebhook(webhook);
  }
  return null;
}

/** The resolvers of the root fields of queries and mutations. */
export function rootOf(world: World) {
  const define = createMutations(world);
  const own = () => {
    const account = world.account();
    return account && presentAccount(account);
  };
  return {
    viewer: () => ({ subject: world.caller.subject, roles: world.caller.roles, account: own() }),
    account({ id }: { readonly id?: string | null }) {
      const account = world.account(id);
      return account && presentAccount(account);
    },
    accounts: ({ filter, ...page }: PageRequest & { readonly filter?: AccountFilter | null }) => {
      const found = pageOf(world.accounts.filter(matches(filter ?? {})), page);
      return {
        ...found,
        nodes: found.nodes.map(presentAccount),
        edges: found.edges.map(({ node, cursor }) => ({ cursor, node: presentAccount(node) })),
      };
    },
    errorCatalog: Object.entries(errorCatalog).map(([code, entry]) => ({ code, ...entry })),
    node: ({ id }: { readonly id: string }) => findNode(world, id),
    ...lifecycleMutations(world, define),
    ...keyMutations(world, define),
    ...jobMutations(world, define),
    ...webhookMutations(world, define),
  };
}
