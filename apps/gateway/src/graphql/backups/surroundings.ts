import type { Backup, BackupProtections, BackupSource } from "@ekm/ekm";
import type { GraphQLContext } from "../context.js";
import { shown } from "../shown.js";

/** What backups and restores of one account refer to: each is read once, however many of a page ask for it. */
export interface Surroundings {
  protections(): Promise<BackupProtections>;
  source(id: string): Promise<BackupSource>;
  backup(id: string): Promise<Backup>;
}

export function createSurroundings({ caller, useCases: { queries } }: GraphQLContext, accountId: string): Surroundings {
  return {
    protections: once(() => shown(queries.backupProtections(caller, accountId))),
    source: once(async (id: string) => {
      const node = existing(await shown(queries.node(caller, id)), id);
      if (node.kind !== "source") throw new Error(`${id} is not a source`);
      return node.value;
    }),
    backup: once(async (id: string) => {
      const node = existing(await shown(queries.node(caller, id)), id);
      if (node.kind !== "backup") throw new Error(`${id} is not a backup`);
      return node.value;
    }),
  };
}

function existing<T>(found: T | null, id: string): T {
  if (found === null) throw new Error(`${id} is referred to and does not exist`);
  return found;
}

function once<A extends [] | [id: string], T>(read: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const reads = new Map<string | undefined, Promise<T>>();
  return (...args) => {
    const [id] = args;
    const running = reads.get(id) ?? read(...args);
    reads.set(id, running);
    return running;
  };
}
