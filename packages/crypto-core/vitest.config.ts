import shared from "../../vitest.shared.js";

// Without the bundlers' condition `module`: it selects files of the oracle's dependencies that Node cannot load.
const conditions = ["@ekm/source", "node", "import", "default"];

export default { ...shared, resolve: { conditions }, ssr: { resolve: { conditions } } };
