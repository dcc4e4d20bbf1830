import { defineSwitch } from "./switch-key.js";

export const disableKey = defineSwitch("DisableKey", "Disabled");
