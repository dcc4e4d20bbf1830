export { type AuditReader, type AuditSnapshot, type ChainEntry, openAuditReader } from "./audit-reader.js";
export { type EpochReader, openEpochReader } from "./epoch-reader.js";
export { openStore, type StoreOptions } from "./open-store.js";
