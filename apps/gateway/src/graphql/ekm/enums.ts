import { enumOf } from "../scalars/enum-of.js";

export const EkmStatusEnum = enumOf("EkmStatus", ["ACTIVATED", "ENABLED", "ROTATING"]);
