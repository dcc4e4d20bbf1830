// Writes docs/failure-modes.md and the table of roles in docs/identity.md from the built code: `npm run docs`.
import { readFileSync, writeFileSync } from "node:fs";
import { failureModes } from "../dist/docs/failure-modes.js";
import { readExperiments } from "../dist/docs/read-experiments.js";
import { withRolesTable } from "../dist/docs/roles-table.js";

const contract = readFileSync(new URL("../contract/schema.graphql", import.meta.url), "utf8");
writeFileSync(new URL("../../../docs/failure-modes.md", import.meta.url), failureModes(contract, readExperiments()));

const identity = new URL("../../../docs/identity.md", import.meta.url);
writeFileSync(identity, withRolesTable(readFileSync(identity, "utf8")));
