// Writes schema.graphql from the built code: `npm run schema`.
import { writeFileSync } from "node:fs";
import { printApi } from "../dist/graphql/print-schema.js";

writeFileSync(new URL("../schema.graphql", import.meta.url), printApi());
