import type { Ports } from "../ports/ports.js";
import type { Repositories } from "../ports/store.js";
import { createQueries } from "./create-queries.js";
import { noteLooks, noteOnce } from "./looks.js";
import type { Queries } from "./queries.js";

/** The queries of one request that changes nothing. */
export const queriesOnce = (ports: Pick<Ports, "store" | "clock" | "settings">): Queries =>
  createQueries({ ...ports, store: { ...ports.store, read: readOnce(ports.store.read) } }, noteOnce(noteLooks(ports)));

/** The queries of one mutation or subscription: every answer is read anew, and support's look is noted once all the same. */
export const queriesAnew = (ports: Pick<Ports, "store" | "clock" | "settings">): Queries =>
  createQueries(ports, noteOnce(noteLooks(ports)));

/**
 * Repositories that read the account, its health, its wraps and its impact once each, for the life of one query: a page that asks ten
 * fields of an account asks the database for it once, and all its fields show the same moment. Never for longer than that.
 */
function readOnce(read: Repositories): Repositories {
  return {
    ...read,
    accounts: { ...read.accounts, byId: once(read.accounts.byId) },
    health: { ...read.health, current: once(read.health.current) },
    keys: { ...read.keys, wraps: once(read.keys.wraps) },
    backups: { ...read.backups, byId: once(read.backups.byId), impact: once(read.backups.impact) },
    sources: { ...read.sources, byId: once(read.sources.byId) },
    rotations: { ...read.rotations, byId: once(read.rotations.byId) },
  };
}

function once<T>(look: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const looks = new Map<string, Promise<T>>();
  return (id) => {
    const known = looks.get(id) ?? look(id);
    looks.set(id, known);
    return known;
  };
}
