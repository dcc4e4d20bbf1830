import { defineSwitch } from "./switch-key.js";

export const enableKey = defineSwitch("EnableKey", "Enabled");
