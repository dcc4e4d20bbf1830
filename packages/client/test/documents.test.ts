// Invariant: every operation of the API can be reached with a document of ours, and none of ours is one that the API would refuse.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { getNamedType, isNonNullType, isObjectType, parse, TypeInfo, validate, visit, visitWithTypeInfo } from "graphql";
import { describe, expect, it } from "vitest";
import * as client from "../src/index.js";
import { operations, readDocuments, readSchema } from "./support/operations.js";

const GENERATE = fileURLToPath(new URL("../scripts/generate.mjs", import.meta.url));

const schema = await readSchema();
const source = parse(await readDocuments());

describe("the documents", () => {
  it("are valid against the committed schema", () => {
    expect(validate(schema, source).map(({ message }) => message)).toEqual([]);
    for (const { document } of operations) expect(validate(schema, document)).toEqual([]);
  });

  it("use every root field, every argument of the root fields, and every field that shows something", () => {
    const used = new Set<string>();
    const types = new TypeInfo(schema);
    visit(
      source,
      visitWithTypeInfo(types, {
        Field: () => void used.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`),
        Argument: () =>
          void used.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}(${types.getArgument()?.name})`),
      }),
    );
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    for (const root of roots) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        expect(used).toContain(`${root?.name}.${field.name}`);
        for (const { name } of field.args) expect(used).toContain(`${root?.name}.${field.name}(${name})`);
      }
    }
    const shown = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !type.name.startsWith("__") && !/(Connection|Edge|PageInfo)$/.test(type.name),
    );
    const unused = shown
      .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : []))
      .filter((name) => !used.has(name));
    expect(unused).toEqual([]);
  });

  it("are what the generated files were made from", async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [GENERATE, "--check"]);
    expect(stdout + stderr).toBe("");
  }, 60_000);
});

describe("a mutation", () => {
  it("takes one argument, `input`, and what its payload names is there unless the request was refused", () => {
    const saidOnce = new Set<string>();
    for (const { name, args, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      expect(args.map((argument) => argument.name)).toEqual(["input"]);
      const payload = getNamedType(type);
      if (!isObjectType(payload)) throw new Error(`${name} answers no object`);
      const { userErrors, ...fields } = payload.getFields();
      expect(userErrors?.type.toString()).toBe("[UserError!]!");
      for (const field of Object.values(fields)) {
        const repeated = /Null when the request is a repeat/.test(field.description ?? "");
        if (!isNonNullType(field.type) && repeated) saidOnce.add(field.name);
      }
    }
    // `settle` and the type `Done` rely on it.
    expect([...saidOnce]).toEqual(["secret"]);
  });
});

describe("the vocabulary", () => {
  it("has a list for every enum, with its values", () => {
    expect(client.ekmStatuses).toEqual(["ACTIVATED", "ENABLED", "ROTATING"]);
    expect(client.errorCodes).toContain("KEY_DISABLED");
    expect(client.isKnown(client.errorCodes, "KEY_DISABLED")).toBe(true);
    expect(client.isKnown(client.errorCodes, "KEY_EATEN")).toBe(false);
    expect(Object.keys(client.errorCatalog).sort()).toEqual([...client.errorCodes].sort());
  });
});
