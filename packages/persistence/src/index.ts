export {
  type AuditReader,
  type AuditSnapshot,
  type ChainEntry,
  openAuditReader,
  type StoredCheckpoint,
  type StoredRound,
} from "./audit-reader.js";
export { type EpochReader, openEpochReader } from "./epoch-reader.js";
export { openStore, type StoreOptions } from "./open-store.js";
export { DATABASE_HELD, openWhenFree } from "./open-when-free.js";
