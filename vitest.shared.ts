import path from "node:path";
import { defineConfig } from "vitest/config";

// Every package runs its tests against the *source* of the packages it depends on (export condition `@ekm/source`), so a
// unit test never sees a stale build. Tests that start processes (simulator) run the built output: turbo builds it first.
const conditions = ["@ekm/source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", ["json", { outputFile: path.join("test-results", "vitest.json") }]],
    pool: "forks",
    testTimeout: 20_000,
  },
});
