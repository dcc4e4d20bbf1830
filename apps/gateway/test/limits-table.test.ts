// Invariant: docs/limits.md says what the gateway does.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../src/environment.js";
import { DOCUMENT_LIMITS, MAX_TOKENS } from "../src/graphql/document-limits.js";
import { MAX_MUTATIONS } from "../src/graphql/limit-rates.js";
import { MAX_COST, MAX_DEPTH, MAX_INTROSPECTION_PER_TYPE } from "../src/graphql/query-limits.js";
import { MAX_PAGE } from "../src/graphql/relay/page-request.js";
import { CONNECTION_LIMITS } from "../src/http/connection-limits.js";
import { MAX_VARIABLES_DEPTH, MAX_VARIABLES_VALUES } from "../src/http/request-shape.js";

const textOf = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const rows = textOf("../../../docs/limits.md")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );

const GOOD = {
  EKM_DATABASE: "/var/lib/ekm/ekm.sqlite",
  EKM_STORE_DIR: "/var/lib/ekm/objects",
  EKM_ALLOWED_ROOTS: "/data/{account}",
  EKM_RESTORE_ROOT: "/data/{account}/restores",
  AWS_REGION: "eu-west-1",
  EKM_VENDOR_AWS_ACCOUNT_ID: "111122223333",
  EKM_VENDOR_PRINCIPAL_ARN: "arn:aws:iam::111122223333:role/ekm",
  EKM_ALLOWED_REGIONS: "eu-west-1",
  EKM_JWT_ISSUER: "https://issuer.example.com",
  EKM_JWT_AUDIENCE: "ekm",
  EKM_JWKS: "/etc/ekm/jwks.json",
};
const environment = (change: Record<string, string> = {}) => {
  const result = parseEnvironment({ ...GOOD, ...change });
  return result.ok ? result.value : null;
};

/** Where the environment keeps each variable of the table. */
const VALUES: Readonly<Record<string, (value: NonNullable<ReturnType<typeof environment>>) => number>> = {
  EKM_QUERIES_PER_MINUTE: ({ http }) => http.rates.queries,
  EKM_MUTATIONS_PER_MINUTE: ({ http }) => http.rates.mutations,
  EKM_PROBES_PER_MINUTE: ({ http }) => http.rates.probes,
  EKM_SUBSCRIPTIONS_PER_MINUTE: ({ http }) => http.rates.subscriptions,
  EKM_REFUSALS_PER_MINUTE: ({ http }) => http.rates.refusals,
  EKM_RECEIVE_SECONDS: ({ http }) => http.receiveMs / 1000,
  EKM_ANSWER_SECONDS: ({ http }) => http.answerMs / 1000,
};

const FIXED: Readonly<Record<string, number>> = {
  "bytes of a body": CONNECTION_LIMITS.bodyBytes,
  "operations in a request": 1,
  tokens: MAX_TOKENS,
  depth: MAX_DEPTH,
  cost: MAX_COST,
  "cost of introspection": MAX_INTROSPECTION_PER_TYPE,
  "operations in a document": DOCUMENT_LIMITS.operations,
  fragments: DOCUMENT_LIMITS.fragments,
  aliases: DOCUMENT_LIMITS.aliases,
  directives: DOCUMENT_LIMITS.directives,
  variables: DOCUMENT_LIMITS.variables,
  "repetitions of a field in one selection": DOCUMENT_LIMITS.repetitions,
  introspections: DOCUMENT_LIMITS.introspections,
  "mutations in a request": MAX_MUTATIONS,
  first: MAX_PAGE,
  "levels of variables": MAX_VARIABLES_DEPTH,
  "values in variables": MAX_VARIABLES_VALUES,
  connections: CONNECTION_LIMITS.connections,
  "web sockets": CONNECTION_LIMITS.webSockets,
  "bytes of a message by web socket": CONNECTION_LIMITS.messageBytes,
  "messages of a web socket in a minute": CONNECTION_LIMITS.messagesPerMinute,
  "seconds for a web socket to say who it is": CONNECTION_LIMITS.initSeconds,
  subscriptions: CONNECTION_LIMITS.subscriptions,
  "subscriptions of an account": CONNECTION_LIMITS.subscriptionsPerAccount,
};

describe("the table of limits", () => {
  it("lists every rate and time-out of the environment, and no other", () => {
    const inCode = [
      ...textOf("../src/environment.ts").matchAll(/^ {2}(EKM_\w+_PER_MINUTE|EKM_(?:RECEIVE|ANSWER)_SECONDS):/gm),
    ].map(([, name]) => name as string);
    const inTable = rows
      .filter(([name, , from]) => name?.startsWith("EKM_") && /^\d+$/.test(from ?? ""))
      .map(([name]) => name as string);
    expect(inTable.sort()).toEqual(inCode.sort());
    expect(Object.keys(VALUES).sort()).toEqual(inTable);
  });

  it.each(Object.keys(VALUES))("gives the default of %s, and its bounds", (name) => {
    const [, standard, from, to] = rows.find(([first]) => first === name) ?? [];
    const settingOf = VALUES[name] as (typeof VALUES)[string];
    const defaults = environment();
    expect(defaults && settingOf(defaults)).toBe(Number(standard));
    for (const bound of [from, to]) {
      const set = environment({ [name]: String(bound) });
      expect(set && settingOf(set)).toBe(Number(bound));
    }
    expect(environment({ [name]: String(Number(from) - 1) })).toBeNull();
    expect(environment({ [name]: String(Number(to) + 1) })).toBeNull();
  });

  it("gives every fixed limit", () => {
    const inTable = Object.fromEntries(
      rows.filter((cells) => cells.length === 3 && /^\d+$/.test(cells[1] ?? "")).map(([name, most]) => [name, Number(most)]),
    );
    expect(inTable).toEqual(FIXED);
  });

  it("says where introspection is on, and how documents are trusted", () => {
    const [, mode] = rows.find(([name]) => name === "EKM_TRUSTED_DOCUMENTS_MODE") ?? [];
    expect(environment({ EKM_TRUSTED_DOCUMENTS: "/etc/ekm/documents.json" })?.trustedDocuments).toEqual({
      file: "/etc/ekm/documents.json",
      mode,
    });
    expect(environment()?.trustedDocuments).toBeUndefined();
    expect(environment()?.http.introspection).toBe(false);
    expect(environment({ EKM_DEMO_FILE: "/run/demo.json" })?.http.introspection).toBe(true);
    expect(environment({ EKM_DEMO_FILE: "/run/demo.json", EKM_INTROSPECTION: "false" })?.http.introspection).toBe(false);
    expect(environment({ EKM_INTROSPECTION: "true" })?.http.introspection).toBe(true);
  });
});
