import { enumOf } from "../scalars/enum-of.js";

export const KeyManagementEnum = enumOf("KeyManagement", ["CLOUD", "ENTERPRISE"]);
