import { readdirSync, readFileSync } from "node:fs";
import type { ExperimentText } from "./failure-modes.js";

/** Works from `src` and from `dist`. The experiments are data here: this package knows nothing of the simulator's code. */
const FOLDER = new URL("../../../simulator/experiments/", import.meta.url);

/** The simulator's experiments as text, in the order of their names. */
export const readExperiments = (): readonly ExperimentText[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".yaml".length), text: readFileSync(new URL(file, FOLDER), "utf8") }));
