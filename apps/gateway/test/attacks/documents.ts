const times = (count: number, text: (n: number) => string, between = " ") =>
  Array.from({ length: count }, (_, n) => text(n)).join(between);
const within = (levels: number, open: string, inner: string, close: string) => open.repeat(levels) + inner + close.repeat(levels);

/** Pairs of equal fields on every level: what compares every two of them doubles its work with each. */
const doubled = (levels: number): string => {
  if (levels === 0) return "id";
  const inner = `... on Account { ekm { key { arn } } ${doubled(levels - 1)} }`;
  return `a: node(id: "x") { ${inner} } a: node(id: "x") { ${inner} }`;
};

/** Documents that are refused, by what they are after. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  "five hundred levels": `{ ${within(500, "node { ", "id", " }")} }`,
  "four hundred inline fragments within each other": `{ ${within(400, "... { ", "nonsense", " }")} }`,
  "one field under three hundred names": `{ ${times(300, (n) => `a${n}: account { id }`)} }`,
  "the largest pages, thirty times": `{ ${times(30, (n) => `a${n}: accounts(first: 100) { nodes { backups(first: 100) { nodes { id } } } }`)} }`,
  "every backup of every account, with what protects it":
    "{ accounts(first: 100) { nodes { backups(first: 100) { nodes { id restorable } } restores(first: 100) { nodes { id backup { id } } } } } }",
  "pages of a size that is left to a variable":
    "query ($n: Int) { accounts(first: $n) { nodes { backups(first: $n) { nodes { id restorable status } } } } }",

  "fragments that spread the next one twice, forty times": `{ account { ...F0 } } ${times(40, (n) => `fragment F${n} on Account { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Account { id }`,
  "the same with fields, so that nothing merges": `{ account { ...F0 } } ${times(12, (n) => `fragment F${n} on Account { a${n}: ekm { key { health { state } } } ...F${n + 1} ...F${n + 1} }`)} fragment F12 on Account { backups(first: 100) { nodes { source { id name } } } }`,
  "fragments that contain each other":
    "{ account { ...A } } fragment A on Account { ...B } fragment B on Account { ...C } fragment C on Account { ...A }",
  "a fragment that contains itself below a field":
    "{ account { ...A } } fragment A on Account { backups { nodes { source { id } } } ...A }",
  "two hundred fragments": `{ account { ${times(200, (n) => `...F${n}`)} } } ${times(200, (n) => `fragment F${n} on Account { id }`)}`,
  "fifty fragments of alike fields, of which every two are compared": `{ account { ${times(50, (n) => `...F${n}`)} } } ${times(50, (n) => `fragment F${n} on Account { id name createdAt keyManagement backups(first: 100) { nodes { id nonsense } } }`)}`,
  "fragments of alike fields below alike fields": `{ account { ${times(45, (n) => `...F${n}`)} } } ${times(45, (n) => `fragment F${n} on Account { ekm { key { arn health { state since } } impact { backups bytes } nonsense } }`)}`,
  "fragments that nothing spreads": `{ viewer { subject } } ${times(60, (n) => `fragment U${n} on Account { id }`)}`,
  "fragments of types that there are none of": `{ account { ${times(40, (n) => `... on T${n} { id }`)} } }`,

  "one directive four hundred times": `{ viewer { subject ${"@skip(if: false) ".repeat(390)} } }`,
  "directives that there are none of": `{ viewer { subject ${times(400, (n) => `@d${n}`)} } }`,
  "one field eighteen hundred times, of which every two are compared": `{ viewer { ${"subject ".repeat(1_800)} } }`,
  "pairs within pairs of equal fields": `{ ${doubled(6)} }`,
  "equal fields in inline fragments": `{ account { ${times(300, () => "... { id }")} } }`,
  "one argument four hundred times": `{ accounts(${"first: 1, ".repeat(400)}) { nodes { id } } }`,
  "arguments that differ between equal fields": `{ ${times(200, (n) => `account(id: "${n}") { id }`)} }`,

  "a string of two hundred thousand characters": `{ account(id: "${"x".repeat(200_000)}") { id } }`,
  "a block string of nothing but line ends": `{ account(id: """${"\n x".repeat(60_000)}""") { id } }`,
  "an integer of two hundred thousand digits": `{ accounts(first: ${"9".repeat(200_000)}) { nodes { id } } }`,
  "a number with an endless exponent": `{ accounts(first: 1e${"9".repeat(100_000)}) { nodes { id } } }`,
  "an amount of bytes of a hundred thousand digits": `mutation { startBackup(input: { sourceId: "a", maxBytesPerSecond: "${"9".repeat(100_000)}" }) { userErrors { code } } }`,
  "a list where one is wanted": `{ account(id: [${times(900, (n) => `"${n}"`, ", ")}]) { id } }`,
  "an object of four hundred fields": `mutation { createAccount(input: { ${times(450, (n) => `f${n}: 1`, ", ")} }) { userErrors { code } } }`,
  "lists nine hundred deep": `{ account(id: ${within(900, "[", "", "]")}) { id } }`,
  "objects three hundred deep": `mutation { createAccount(input: ${within(300, "{ name: ", '"x"', " }")}) { userErrors { code } } }`,

  "a name of two hundred thousand characters": `{ ${"a".repeat(200_000)} }`,
  "names that are nearly right, to be told the right ones": `{ ${times(600, (n) => `accoun${n}`)} }`,
  "a hundred thousand comments": `${"#\n".repeat(100_000)}{ nonsense }`,
  "two hundred thousand commas": `{ viewer { ${",".repeat(200_000)} nonsense } }`,
  "nothing but braces": "{".repeat(200_000),
  "nothing but line ends": "\n".repeat(200_000),
  "a string that does not end": `{ account(id: "${"x".repeat(200_000)}`,
  "a selection that does not end": `{ account { ${"backups { nodes { ".repeat(200)}`,
  "a schema": times(200, (n) => `type T${n} { a: Int }`),
  "no operation": "# nothing",

  "two hundred operations": times(200, (n) => `query Q${n} { viewer { subject } }`),
  "two hundred operations of one name": "query Q { viewer { subject } } ".repeat(200),
  "twenty-eight mutations": `mutation { ${times(28, (n) => `a${n}: createAccount(input: { name: "x" }) { userErrors { code } }`)} }`,
  "variables that nobody uses": `query (${times(480, (n) => `$v${n}: ID`)}) { viewer { subject } }`,
  "variables whose defaults are of another type": `query (${times(300, (n) => `$v${n}: Int = "x"`)}) { viewer { subject } }`,

  "types of fields of types, ten times over": `{ __schema { types { ${within(10, "fields { type { ", "name", " } }")} } } }`,
  "the schema thirty times": `{ ${times(30, (n) => `s${n}: __schema { types { name fields { name args { name } } } }`)} }`,
  "a schema whose types are asked for twenty-eight times": `{ __schema { ${times(28, (n) => `t${n}: types { name fields { name args { name type { name ofType { name ofType { name } } } } } }`)} } }`,
  "its own name six hundred times": `{ ${times(650, (n) => `t${n}: __typename`)} }`,

  "control characters and marks of direction": "{ viewer { subject \u202e\u0000\ufeff } }",
  "escapes that name no character": String.raw`{ account(id: "\uD800\u{110000}") { id } }`,
  "a field in letters that look like others": "{ vi\u0435wer { subject } }",
  "a null byte, and a statement behind it": String.raw`{ accounts(filter: { search: "\u0000'; DROP TABLE account; --" }) { nodes { id } } }`,
  "what every object of JavaScript has, as fields":
    "{ __proto__ { constructor } constructor { prototype } toString hasOwnProperty }",
  "what every object of JavaScript has, as arguments": '{ account(id: "x", __proto__: {}, constructor: 1) { id } }',
  "what every object of JavaScript has, in an input":
    'mutation { createAccount(input: { name: "x", __proto__: { name: "y" }, toString: 1 }) { userErrors { code } } }',
};
