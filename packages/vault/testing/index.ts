export * from "./collect.js";
export * from "./memory-object-store.js";
export * from "./object-store-contract.js";
export * from "./test-clock.js";
export * from "./test-keys.js";
export * from "./test-world.js";
