import { Initial1767225600000 } from "./1767225600000-initial.js";
import { AccountEvents1795478400000 } from "./1795478400000-account-events.js";

/** In order. A migration that was released is never edited: another one follows it. */
export const MIGRATIONS = [Initial1767225600000, AccountEvents1795478400000];
