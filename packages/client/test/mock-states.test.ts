// Invariant: the mock answers every operation in every state as the schema says, and what the schema can say is said by some state.
import { isEnumType } from "graphql";
import { describe, expect, it } from "vitest";
import { topLevelCodes } from "../src/errors/request-failure.js";
import { createMockGateway, type MockGateway, mockKeyArn, mockStates } from "../src/mock/index.js";
import { enumValuesIn, inputOf, type Operation, operations, readSchema, withTypenames } from "./support/operations.js";

const schema = await readSchema();
const texts = new Map(operations.map(({ name, document }) => [name, withTypenames(document)]));

interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

async function ask(mock: MockGateway, { name }: Operation, variables: object): Promise<Answer> {
  const body = JSON.stringify({ query: texts.get(name), variables });
  const response = await mock.fetch(mock.url, { method: "POST", body });
  return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
}

/** Every id that an answer holds. */
function idsIn(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap(idsIn);
  if (typeof answer !== "object" || answer === null) return [];
  const { id } = answer as { readonly id?: unknown };
  return [...(typeof id === "string" ? [id] : []), ...Object.values(answer).flatMap(idsIn)];
}

const queries = operations.filter(({ kind }) => kind === "query");
const lists = queries.filter(({ required }) => required.length === 0);
const byId = queries.filter(({ required }) => required.length > 0);
const mutations = operations.filter(({ kind }) => kind === "mutation");
const answering = mockStates.filter(({ name }) => !name.startsWith("answers.") || name === "answers.slow");

type Reached = Map<string, Set<string>>;
const reached: Reached = new Map();
/** Without anything being done: a gallery can show it. */
const shown: Reached = new Map();
const noteIn = (where: Reached) => (enumName: string, value: string, typename: string) => {
  if (typename === "ErrorCatalogEntry") return;
  const values = where.get(enumName) ?? new Set();
  where.set(enumName, values.add(value));
};
const note = noteIn(reached);

describe.each(answering.map(({ name }) => name))("in the state %s", (name) => {
  it("answers every query and mutation as the schema says", async () => {
    const mock = createMockGateway({ state: name, paceMs: 0, slowMs: 0 });
    const ids = new Set<string>();
    const hear = ({ data, errors }: Answer, where?: Reached) => {
      if (name.startsWith("caller.") && errors?.[0]?.extensions["code"] === "FORBIDDEN") return;
      expect(errors).toBeUndefined();
      enumValuesIn(schema, data, note);
      if (where !== undefined) enumValuesIn(schema, data, noteIn(where));
      for (const id of idsIn(data)) ids.add(id);
    };
    for (const query of lists) hear(await ask(mock, query, {}), shown);
    // Two of each kind of thing.
    const some = [...ids].filter((id, _at, all) => all.filter((each) => each.slice(0, 4) === id.slice(0, 4)).indexOf(id) < 2);
    for (const query of byId) for (const id of some) hear(await ask(mock, query, { [query.required[0] ?? "id"]: id }), shown);
    for (const mutation of mutations) {
      mock.show(name);
      hear(await ask(mock, mutation, { input: inputOf(schema, mutation, [...ids]) }));
      mock.step();
    }
    mock.dispose();
  });
});

describe("the states together", () => {
  it("show an answer for each key that the mock knows as faulty", async () => {
    const mock = createMockGateway({ state: "activated", paceMs: 0 });
    const validate = mutations.find(({ name }) => name === "ValidateKmsKey") as Operation;
    for (const code of ["KEY_NOT_SYMMETRIC", "KEY_POLICY_TOO_WIDE", "KEY_TAKEN", "KEY_REGION_UNSUPPORTED"] as const) {
      const { data } = await ask(mock, validate, { input: { keyArn: mockKeyArn(code) } });
      expect(JSON.stringify(data)).toContain(`"${code}"`);
      enumValuesIn(schema, data, note);
    }
    mock.dispose();
  });

  it.each(topLevelCodes)("have the top-level error %s for everything", async (code) => {
    const mock = createMockGateway({ state: `answers.${code}` });
    for (const operation of [...lists, ...mutations]) {
      const { status, data, errors } = await ask(mock, operation, {});
      expect(data ?? null).toBeNull();
      expect(errors?.[0]?.extensions).toMatchObject({ code, requestId: expect.stringMatching(/^mock-/) });
      expect(status).toBe(code === "UNAUTHENTICATED" ? 401 : 200);
    }
  });

  it("have one without any answer", async () => {
    const mock = createMockGateway({ state: "answers.offline" });
    await expect(ask(mock, lists[0] as Operation, {})).rejects.toThrow("fetch failed");
  });

  it("have several pages of each list, and empty ones", async () => {
    for (const [state, more] of [
      ["lists.long", true],
      ["lists.empty", false],
    ] as const) {
      const mock = createMockGateway({ state });
      for (const name of ["Backups", "Restores", "BackupSources", "KeyRotations", "AuditLog", "KeyHealthHistory"]) {
        const answer = await ask(mock, lists.find((each) => each.name === name) as Operation, {});
        expect({ name, more: JSON.stringify(answer).includes('"hasNextPage":true') }).toEqual({ name, more });
      }
    }
  });
});

/** Heard in the subscription: see mock-events.test.ts. */
const ELSEWHERE = new Set(["AccountEventKind"]);
/** Said by mutations alone, or by them as well. */
const OF_MUTATIONS = new Set(["ErrorCode", "KeyCheckName", "Verdict"]);

it("every value of every enum is in some answer", () => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isEnumType(type) || type.name.startsWith("__") || ELSEWHERE.has(type.name)) continue;
    const values = (OF_MUTATIONS.has(type.name) ? reached : shown).get(type.name);
    const missing = type.getValues().filter(({ name }) => !values?.has(name));
    expect({ enum: type.name, missing: missing.map(({ name }) => name) }).toEqual({ enum: type.name, missing: [] });
  }
});
