import { actsStep } from "./acts-step.js";
import { damage } from "./store/damage.js";
import { damageKeyRecord } from "./store/damage-key-record.js";
import { fill } from "./store/fill.js";
import { release } from "./store/release.js";
import { repair } from "./store/repair.js";

export const STORE_ACTS = [damage, damageKeyRecord, repair, fill, release] as const;

export const storeStep = actsStep("store", STORE_ACTS, "Something happens to the object store's own files, behind the product.");
