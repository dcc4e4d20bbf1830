import type { Ports } from "../ports/ports.js";

export type KeyringPorts = Pick<Ports, "store" | "clock" | "ids" | "keyService" | "vendorKeys" | "keyRecords" | "settings">;
