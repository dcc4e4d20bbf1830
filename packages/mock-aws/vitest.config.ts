import shared from "../../vitest.shared.js";

// Without the bundlers' condition `module`: it selects files of the AWS SDK that Node cannot load.
const conditions = ["@ekm/source", "node", "import", "default"];

export default { ...shared, resolve: { conditions }, ssr: { resolve: { conditions } } };
