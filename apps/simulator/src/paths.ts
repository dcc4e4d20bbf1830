import { fileURLToPath } from "node:url";

/** Works from `src` and from `dist`: both lie directly under the package. */
const fromPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const PACKAGE = fromPackage("package.json");
export const EXPERIMENTS = fromPackage("experiments");
export const EXPERIMENT_SCHEMA = fromPackage("experiments/experiment.schema.json");
export const GATEWAY = fromPackage("../gateway/dist/main.js");
export const PANEL = fromPackage("panel");
/** The built console; there once it was built. */
export const CONSOLE = fromPackage("../console/dist");
export const WORKER = fromPackage("../worker/dist/main.js");
