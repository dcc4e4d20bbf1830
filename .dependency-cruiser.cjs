// The layer rules of docs/architecture.md. `npm run layers` fails on the first import that breaks one.
const product = "^(packages/(ekm|vault|crypto-core|kms-aws|persistence)|apps/(gateway|worker))/";
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: "(\\.test\\.tsx?$|/test/|/testing/|/bench/)" },
  to: { pathNot: allowed },
});
const home = (name, module, where) => ({
  name,
  comment: `${module} has one home`,
  severity: "error",
  from: { path: "^(packages|apps)/[^/]+/src/", pathNot: [where, "\\.test\\.ts$"] },
  to: { path: `node_modules/${module}(/|$)` },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only(
      "core",
      "^packages/crypto-core/src",
      ["^packages/crypto-core/src", "^(node:)?(crypto|stream|stream/promises|worker_threads)$"],
      "core: no dependency",
    ),
    only(
      "domain-ekm",
      "^packages/ekm/src",
      ["^packages/(ekm|crypto-core)/", "^(node:)?crypto$"],
      "the domain knows core and its own ports",
    ),
    only(
      "domain-vault",
      "^packages/vault/src/(?!adapters|sources)",
      ["^packages/(vault|crypto-core)/", "^(node:)?(crypto|stream|path|stream/promises|path/posix)$"],
      "the domain knows core and its own ports",
    ),
    only(
      "adapters-vault",
      "^packages/vault/src/(adapters|sources)",
      [
        "^packages/(vault|crypto-core)/",
        "^(node:)?(crypto|stream|path|path/posix|fs|fs/promises|stream/promises|os|child_process)$",
      ],
      "vault's adapters touch files",
    ),
    only(
      "test-world-faults",
      "^packages/faults/src",
      ["^packages/faults/", "^(node:)?[a-z_/]+$"],
      "faults knows nothing of AWS or of the product",
    ),
    only(
      "client",
      "^packages/client/src",
      ["^packages/client/src", "node_modules/(@urql/core|urql|graphql|graphql-ws|react|@graphql-typed-document-node)/"],
      "the client is made from the schema and knows nothing of ours",
    ),
    only(
      "console",
      "^apps/console/src",
      [
        "^apps/console/src",
        "^packages/client/src/(react/|index\\.ts)",
        "node_modules/(react|react-dom|react-aria-components|wouter|urql)/",
      ],
      "the console knows the API through the client alone, and one component library",
    ),
    {
      name: "client-without-react",
      comment: "React is needed by the hooks alone, and the mock's schema by the mock",
      severity: "error",
      from: { path: "^packages/client/src/(?!react/|mock/|generated/hooks)" },
      to: { path: "(node_modules/(react|urql)/|^packages/client/src/(react|mock)/|generated/(hooks|schema)\\.ts)" },
    },
    {
      name: "test-world-mock-aws",
      comment: "the mock AWS knows nothing of the product",
      severity: "error",
      from: { path: "^packages/mock-aws/src" },
      to: { path: product },
    },
    {
      name: "apps-never-import-apps",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/([^/]+)/", pathNot: "^apps/$1/" },
    },
    {
      name: "simulator-from-outside",
      comment: "the simulator reaches the product only through GraphQL and its supervised processes",
      severity: "error",
      from: { path: "^apps/simulator/" },
      to: { path: product },
    },
    {
      name: "packages-below-apps",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^apps/" },
    },
    home("home-of-typeorm", "typeorm", "^packages/persistence/"),
    home("home-of-type-graphql", "type-graphql", "^apps/gateway/src/graphql/"),
    home("home-of-client-kms", "@aws-sdk/client-kms", "^packages/kms-aws/"),
    home("home-of-client-sts", "@aws-sdk/client-sts", "^packages/kms-aws/"),
    home("home-of-client-s3", "@aws-sdk/client-s3", "^packages/vault/src/adapters/"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|test-results|node_modules/\\.bin)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      // A package of types alone has an empty `main`.
      mainFields: ["main", "types", "typings"],
      conditionNames: ["@ekm/source", "import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs"],
    },
    combinedDependencies: true,
  },
};
