import { actsStep } from "./acts-step.js";
import { advance } from "./clock/advance.js";
import { setBack } from "./clock/set-back.js";

export const CLOCK_ACTS = [advance, setBack] as const;

export const clockStep = actsStep("clock", CLOCK_ACTS, "Time passes, for AWS or for the product.");
