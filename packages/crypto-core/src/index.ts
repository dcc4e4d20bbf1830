export * from "./key-material/account-key.js";
export * from "./lease/api.js";
export { createLeaseKeeper, type LeaseKeeperOptions, type UnwrapReport } from "./lease/keeper.js";
export { systemLeaseClock } from "./lease/system-clock.js";
export * from "./message/api.js";
export * from "./message/gate.js";
export { DEFAULT_MAX_FRAME_LENGTH, open } from "./message/open.js";
export { KEY_NAMESPACE } from "./message/raw-aes-wrap.js";
export { seal } from "./message/seal.js";
