import { createRequire } from "node:module";
import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.js";

// As in packages/client: the graphql package exists twice on disk, and the mock must load the one that Node gives to graphql-ws.
const graphql = createRequire(import.meta.url).resolve("graphql");

export default mergeConfig(shared, {
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: { include: ["src/**/*.test.tsx", "test/**/*.test.ts"] },
});
