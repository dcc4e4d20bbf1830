// Invariant: the rules of eslint.config.mjs bite: a schema or a document that breaks them is refused, and those that are committed are not.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..", "..", "..");

interface Message {
  readonly ruleId: string;
  readonly message: string;
}

/** Rule and message of each fault; `input` stands in for the file of that name. */
function lint(file: string, input?: string): readonly Message[] {
  const eslint = path.join(root, "node_modules", "eslint", "bin", "eslint.js");
  const from = input === undefined ? [file] : ["--stdin", "--stdin-filename", file];
  const { stdout, stderr, status } = spawnSync(process.execPath, [eslint, "--format", "json", ...from], {
    cwd: root,
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  expect([0, 1], stderr).toContain(status);
  return (JSON.parse(stdout) as { messages: Message[] }[]).flatMap(({ messages }) => messages);
}
const rulesOf = (messages: readonly Message[]) => [...new Set(messages.map(({ ruleId }) => ruleId.split("/").at(-1)))].sort();

const BAD_SCHEMA = `
type Query { getThing(after: Int): Thing bad_name: things! }
type things { id: ID! }
# said in the wrong place
type Thing { name: String! thingName: String! old: String @deprecated }
enum Colour { red }
input ThingOptions { id: ID! }
type Mutation { makeThing(options: ThingOptions!): Thing! makeOther(input: ThingOptions!, more: Int): Int! }
type ThingConnection { edges: [Thing!]! }
type PageInfo { hasNextPage: Boolean! }
`;
const BAD_DOCUMENT = `
query AccountQuery($id: ID, $Unused: Int) { account(id: $id) { name name wrong } }
query { viewer { subject } }
fragment UnusedFragment on Account { id }
`;

describe("the rules for GraphQL", { timeout: 60_000 }, () => {
  it("find no fault with the committed schema and the client's documents", () => {
    expect([...lint("apps/gateway/schema.graphql"), ...lint("packages/client/documents")]).toEqual([]);
  });

  it("refuse a schema without descriptions, by other names, and by other shapes", () => {
    const messages = lint("apps/gateway/schema.graphql", BAD_SCHEMA);
    expect(rulesOf(messages)).toEqual([
      "naming-convention",
      "no-hashtag-description",
      "no-restricted-syntax",
      "no-scalar-result-type-on-mutation",
      "no-typename-prefix",
      "no-unreachable-types",
      "relay-connection-types",
      "relay-edge-types",
      "relay-page-info",
      "require-deprecation-date",
      "require-deprecation-reason",
      "require-description",
      "strict-id-in-types",
    ]);
    const texts = messages.map(({ message }) => message).join("\n");
    for (const told of ["payload", "one argument", "ThingOptions", "red", "bad_name", "getThing"]) expect(texts).toContain(told);
  });

  it("refuse documents that are nameless, that ask for nothing that exists, twice, without ids, or that are not used", () => {
    expect(rulesOf(lint("packages/client/documents/account.graphql", BAD_DOCUMENT))).toEqual([
      "fields-on-correct-type",
      "lone-anonymous-operation",
      "naming-convention",
      "no-anonymous-operations",
      "no-duplicate-fields",
      "no-unused-fragments",
      "no-unused-variables",
      "require-selections",
    ]);
  });
});
