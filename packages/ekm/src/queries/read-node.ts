import { permit, reaches } from "../access/authorize.js";
import { ok } from "../errors/outcome.js";
import { prefixOf } from "../identifiers/ids.js";
import { findJob } from "../jobs/find-job.js";
import type { Ports } from "../ports/ports.js";
import type { NoteLooks } from "./looks.js";
import type { NodeValue, Queries } from "./queries.js";

/** Anything by its id; the prefix tells where to look. */
export function readNode({ store }: Pick<Ports, "store">, account: Queries["account"], note: NoteLooks): Queries["node"] {
  const { read } = store;
  const find = async (id: string): Promise<Exclude<NodeValue, { kind: "account" }> | null> => {
    switch (prefixOf(id)) {
      case "src": {
        const value = await read.sources.byId(id);
        return value && { kind: "source", value };
      }
      case "rot": {
        const value = await read.rotations.byId(id);
        return value && { kind: "rotation", value };
      }
      case "aud": {
        const value = await read.audit.byId(id);
        return value && { kind: "auditEvent", value };
      }
      case "whk": {
        const value = await read.webhooks.byId(id);
        return value && { kind: "webhook", value };
      }
      case "whd": {
        const value = await read.webhookDeliveries.byId(id);
        return value && { kind: "webhookDelivery", value };
      }
      default:
        return findJob(read, id);
    }
  };

  return async (caller, id) => {
    const permitted = permit(caller, "node");
    if (!permitted.ok) return permitted;
    if (prefixOf(id) === "acc") {
      const found = await account(caller, id);
      return found.ok && found.value ? ok({ kind: "account", value: found.value }) : ok(null);
    }
    const node = await find(id);
    if (!node || !reaches(caller, "node", node.value.accountId)) return ok(null);
    await note(caller, [node.value.accountId]);
    return ok(node);
  };
}
