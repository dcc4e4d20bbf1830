export { type EpochReader, openEpochReader } from "./epoch-reader.js";
export { openStore, type StoreOptions } from "./open-store.js";
