// GraphQL alone: the schema that is committed, and the documents that the client sends. Biome lints everything else. Part of `npm run lint`.
import graphql from "@graphql-eslint/eslint-plugin";

const SCHEMA = "apps/gateway/schema.graphql";
const DOCUMENTS = "packages/client/documents/**/*.graphql";

/** Object types that are a part of something else and have no id of their own: a new type has an id, or stands here on purpose. */
const VALUES = [
  "CustomerKey",
  "CustomerStep",
  "Diagnosis",
  "DiagnosisCause",
  "EkmConfiguration",
  "ErrorCatalogEntry",
  "FailedJobs",
  "GenerationFailure",
  "GrantTemplate",
  "JobProgress",
  "KeyCheck",
  "KeyHealth",
  "KeyImpact",
  "KeyLock",
  "LegalTerms",
  "PageInfo",
  "Problem",
  "RetirementCertificate",
  "TermsAcceptance",
  "UserError",
  "Viewer",
  "WebhookAttempt",
];

const MUTATION = 'ObjectTypeDefinition[name.value="Mutation"] > FieldDefinition';

const ofSchema = {
  "description-style": "error",
  "naming-convention": [
    "error",
    {
      types: "PascalCase",
      FieldDefinition: "camelCase",
      InputValueDefinition: "camelCase",
      Argument: "camelCase",
      DirectiveDefinition: "camelCase",
      EnumValueDefinition: "UPPER_CASE",
      InputObjectTypeDefinition: { requiredSuffixes: ["Input", "Filter"] },
      "FieldDefinition[parent.name.value=Query]": { forbiddenPrefixes: ["query", "get"], forbiddenSuffixes: ["Query"] },
      "FieldDefinition[parent.name.value=Mutation]": { forbiddenPrefixes: ["mutation"], forbiddenSuffixes: ["Mutation"] },
      "FieldDefinition[parent.name.value=Subscription]": {
        forbiddenPrefixes: ["subscription"],
        forbiddenSuffixes: ["Subscription"],
      },
    },
  ],
  "no-hashtag-description": "error",
  "no-scalar-result-type-on-mutation": "error",
  "no-typename-prefix": "error",
  "no-unreachable-types": "error",
  // Lists are walked forwards only: first and after.
  "relay-arguments": ["error", { includeBoth: false }],
  "relay-connection-types": "error",
  // `nodes` beside `edges` is fixed in the contract, and KeyHealth, the one list item that is no Node, too.
  "relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  "relay-page-info": "error",
  "require-deprecation-date": "error",
  "require-deprecation-reason": "error",
  "require-description": [
    "error",
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
    },
  ],
  "strict-id-in-types": ["error", { exceptions: { types: VALUES, suffixes: ["Connection", "Edge", "Payload"] } }],
  "unique-enum-value-names": "error",
  // Switched off, since the contract's fixed names decide otherwise:
  // one input serves several mutations (RotationInput, AccountInput, LockAccountKeysInput), which client code shares;
  "input-name": "off",
  // payloads and lists are never null: what went wrong is in `userErrors`, and an empty list is empty;
  "require-nullable-result-in-root": "off",
  // and a payload holds what was made, not a way back to Query: clients ask for it in the same request if they need it.
  "require-field-of-type-query-in-mutation-result": "off",
};

const ofDocuments = {
  "executable-definitions": "error",
  "fields-on-correct-type": "error",
  "fragments-on-composite-type": "error",
  "known-argument-names": "error",
  "known-directives": "error",
  "known-fragment-names": "error",
  "known-type-names": "error",
  "lone-anonymous-operation": "error",
  "naming-convention": [
    "error",
    {
      VariableDefinition: "camelCase",
      OperationDefinition: { style: "PascalCase", forbiddenSuffixes: ["Query", "Mutation", "Subscription"] },
      FragmentDefinition: { style: "PascalCase", forbiddenPrefixes: ["Fragment"], forbiddenSuffixes: ["Fragment"] },
    },
  ],
  "no-anonymous-operations": "error",
  "no-deprecated": "error",
  "no-duplicate-fields": "error",
  "no-fragment-cycles": "error",
  "no-undefined-variables": "error",
  "no-unused-fragments": "error",
  "no-unused-variables": "error",
  "one-field-subscriptions": "error",
  "overlapping-fields-can-be-merged": "error",
  "possible-fragment-spread": "error",
  "provided-required-arguments": "error",
  // An object with an id is asked for it: caches know it by that.
  "require-selections": "error",
  "scalar-leafs": "error",
  // As the gateway's own limit.
  "selection-set-depth": ["error", { maxDepth: 12 }],
  "unique-argument-names": "error",
  "unique-directive-names-per-location": "error",
  "unique-fragment-name": "error",
  "unique-input-field-names": "error",
  "unique-operation-name": "error",
  "unique-variable-names": "error",
  "value-literals-of-correct-type": "error",
  "variables-are-input-types": "error",
  "variables-in-allowed-position": "error",
};

const graphqlFiles = (files, rules, more = {}) => ({
  files: [files],
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: SCHEMA, documents: DOCUMENTS } } },
  plugins: { "@graphql-eslint": graphql },
  rules: { ...Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`@graphql-eslint/${name}`, rule])), ...more },
});

export default [
  graphqlFiles(SCHEMA, ofSchema, {
    "no-restricted-syntax": [
      "error",
      {
        selector: `${MUTATION}[gqlType.gqlType.name.value!=/Payload$/]`,
        message: "A mutation answers a payload that is never null.",
      },
      { selector: `${MUTATION}[arguments.length!=1]`, message: "A mutation takes one argument, `input`." },
      { selector: `${MUTATION} > InputValueDefinition[name.value!="input"]`, message: "A mutation takes one argument, `input`." },
    ],
  }),
  graphqlFiles(DOCUMENTS, ofDocuments),
];
