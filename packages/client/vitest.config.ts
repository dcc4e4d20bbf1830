import { createRequire } from "node:module";
import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.js";

// The graphql package exists twice on disk (CommonJS and ESM), and its classes refuse to meet their twins: everybody must
// load the one that Node gives to graphql-ws.
const graphql = createRequire(import.meta.url).resolve("graphql");

export default mergeConfig(shared, { resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] } });
