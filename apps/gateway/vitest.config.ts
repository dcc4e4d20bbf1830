import { createRequire } from "node:module";
import shared from "../../vitest.shared.js";

// Without the bundlers' condition `module`: it selects files of the AWS SDK that Node cannot load.
const conditions = ["@ekm/source", "node", "import", "default"];

// The graphql package exists twice on disk (CommonJS and ESM), and its classes refuse to meet their twins: everybody must
// load the file that Node itself resolves.
const graphql = createRequire(import.meta.url).resolve("graphql");

export default {
  ...shared,
  resolve: { conditions, alias: [{ find: /^graphql$/, replacement: graphql }] },
  ssr: { resolve: { conditions } },
};
