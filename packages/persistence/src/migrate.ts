import type { DataSource } from "typeorm";
import type { Immediate } from "./immediate.js";

/**
 * Brings the schema up to date, in one transaction that holds the write lock from its first look on: of two processes that
 * start at once the second finds the work done.
 */
export async function migrate(source: DataSource, immediate: Immediate): Promise<void> {
  await immediate(source.createQueryRunner(), () => source.runMigrations({ transaction: "none" }));
}
