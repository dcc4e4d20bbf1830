// Writes docs/failure-modes.md from the built code: `npm run docs`.
import { readFileSync, writeFileSync } from "node:fs";
import { failureModes } from "../dist/docs/failure-modes.js";
import { readExperiments } from "../dist/docs/read-experiments.js";

const contract = readFileSync(new URL("../contract/schema.graphql", import.meta.url), "utf8");
writeFileSync(new URL("../../../docs/failure-modes.md", import.meta.url), failureModes(contract, readExperiments()));
