const LOOK = "query ($id: ID) { account(id: $id) { id } }";
const VIEWER = "{ viewer { subject } }";
const lists = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const json = JSON.stringify;

export interface HostileRequest {
  readonly method?: string;
  /** Behind `/graphql`. */
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Otherwise BAD_USER_INPUT. */
  readonly code?: "UNAUTHENTICATED";
}

const body = (value: unknown): HostileRequest => ({ body: json(value) });
const typed = (type: string, text = json({ query: VIEWER })): HostileRequest => ({
  headers: { "content-type": type },
  body: text,
});

/** Requests that are refused for what is around their document. */
export const REQUESTS: Readonly<Record<string, HostileRequest>> = {
  "variables five thousand levels deep": { body: `{"query":${json(LOOK)},"variables":{"id":${lists(5_000)}}}` },
  "a hundred thousand brackets": { body: "[".repeat(100_000) },
  "a hundred thousand levels": { body: lists(100_000) },
  "twenty thousand variables": body({
    query: LOOK,
    variables: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`v${n}`, n])),
  }),
  "levels of what no operation declares": { body: `{"query":${json(VIEWER)},"variables":{"x":${lists(50)}}}` },
  "levels of extensions": { body: `{"query":${json(VIEWER)},"extensions":{"x":${lists(50)}}}` },
  "an object for an id": body({ query: LOOK, variables: { id: { a: { b: 1 } } } }),
  "a list for an id": body({ query: LOOK, variables: { id: Array.from({ length: 900 }, (_, n) => String(n)) } }),
  "a long id in a variable": body({ query: LOOK, variables: { id: "x".repeat(200_000) } }),
  "a page of 1e308": body({ query: "query ($n: Int) { accounts(first: $n) { nodes { id } } }", variables: { n: 1e308 } }),
  "a cursor of two hundred thousand characters": body({
    query: "query ($after: String) { accounts(after: $after) { nodes { id } } }",
    variables: { after: "A".repeat(200_000) },
  }),
  "__proto__ beside the query": { body: `{"query":${json(VIEWER)},"__proto__":{"caller":{"roles":["SUPPORT"]}}}` },
  "__proto__ among the variables": { body: `{"query":${json(LOOK)},"variables":{"__proto__":{"id":"acc_1"}}}` },
  "constructor.prototype among the variables": {
    body: `{"query":${json(LOOK)},"variables":{"constructor":{"prototype":{"id":"acc_1"}}}}`,
  },
  "a batch": body(Array.from({ length: 2_000 }, () => ({ query: VIEWER }))),
  "an empty batch": body([]),
  "a document that is an object": body({ query: { toString: "x" } }),
  "a document that is a list": body({ query: [VIEWER] }),
  "no document": body({ variables: {} }),
  "an operation that is not there": body({ query: `query A ${VIEWER}`, operationName: "B".repeat(100_000) }),
  "a persisted query": body({ extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }),
  "a persisted query to be remembered": body({
    query: VIEWER,
    extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } },
  }),
  "a document by its id": body({ documentId: `sha256:${"0".repeat(64)}` }),
  "a text for a body": body(VIEWER),
  "null for a body": body(null),
  "no body": { headers: { "content-type": "application/json" } },
  "a body that is too large": body({ query: `${VIEWER} #${"x".repeat(300_000)}` }),
  "broken JSON": { body: '{"query": "{ viewer { subject } }", ' },
  "a null byte in JSON": { body: '{"query": "{ viewer \u0000 { subject } }"}' },
  "bytes that are no text": { body: "\u00ff\u00fe\u0000\u0001" },

  "a form": typed("application/x-www-form-urlencoded", "query={viewer{subject}}"),
  "a form with a file": typed(
    "multipart/form-data; boundary=x",
    `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json({ query: VIEWER })}\r\n--x--`,
  ),
  "plain text": typed("text/plain"),
  "no content type": typed(""),
  "a content type that is none": typed("application/graphql", VIEWER),
  "a compressed body": {
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: "\u001f\u008b\u0008\u0000",
  },

  "a query by GET, as a page of another site would send it": { method: "GET", search: `?query=${encodeURIComponent(VIEWER)}` },
  "a mutation by GET": {
    method: "GET",
    search: `?query=${encodeURIComponent('mutation { createAccount(input: { name: "x" }) { userErrors { code } } }')}`,
    headers: { "apollo-require-preflight": "1" },
  },
  "variables by GET that are no JSON": {
    method: "GET",
    search: `?query=${encodeURIComponent(VIEWER)}&variables=[`,
    headers: { "apollo-require-preflight": "1" },
  },
  "one parameter two thousand times": {
    method: "GET",
    search: `?${"query=x&".repeat(1_500)}`,
    headers: { "apollo-require-preflight": "1" },
  },
  "a method that is not served": { method: "DELETE" },

  "a token of eight thousand characters": {
    headers: { authorization: `Bearer ${"a".repeat(8_000)}` },
    body: json({ query: VIEWER }),
    code: "UNAUTHENTICATED",
  },
  "a token of the algorithm none": {
    headers: {
      authorization: `Bearer ${[{ alg: "none" }, { sub: "x", "ekm:roles": ["SUPPORT"] }].map((part) => Buffer.from(json(part)).toString("base64url")).join(".")}.`,
    },
    body: json({ query: VIEWER }),
    code: "UNAUTHENTICATED",
  },
  "introspection without a token": {
    headers: { authorization: "" },
    body: json({ query: "{ __schema { types { name } } }" }),
    code: "UNAUTHENTICATED",
  },
};
