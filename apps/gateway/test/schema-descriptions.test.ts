// Invariant: whoever reads the schema alone can use it: every type, field, argument and enum value says what it is.
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from "graphql";
import { describe, expect, it } from "vitest";
import { buildSchema } from "../src/graphql/schema.js";

interface Described {
  readonly place: string;
  readonly text: string;
}

function everything(): readonly Described[] {
  const found: Described[] = [];
  const add = (place: string, { description }: { readonly description?: string | null | undefined }) =>
    found.push({ place, text: description ?? "" });
  for (const type of Object.values(buildSchema().getTypeMap())) {
    if (type.name.startsWith("__") || isSpecifiedScalarType(type)) continue;
    add(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field);
      for (const argument of field.args) add(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  return found;
}

describe("the schema", () => {
  const described = everything();
  const places = (wrong: (one: Described) => boolean) => described.filter(wrong).map(({ place }) => place);

  it("describes everything", () => {
    expect(described.length).toBeGreaterThan(500);
    expect(places(({ text }) => text.trim() === "")).toEqual([]);
  });

  it("says more than the name does", () => {
    const bare = ({ place, text }: Described) => {
      const words = (value: string) => value.toLowerCase().replace(/[^a-z]/g, "");
      return words(text) === words(/(\w+)\)?$/.exec(place)?.[1] ?? "");
    };
    expect(places(bare)).toEqual([]);
  });

  it("speaks in sentences that fit a tooltip", () => {
    expect(places(({ text }) => text.length > 400)).toEqual([]);
    expect(places(({ text }) => !/[.:!?)`\dA-Za-z]$/.test(text) || text !== text.trim())).toEqual([]);
  });

  it("says what null means wherever an argument or an input may be left out", () => {
    const inputs = Object.values(buildSchema().getTypeMap()).filter(isInputObjectType);
    const silent = inputs
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, field })))
      .filter(({ field }) => !String(field.type).endsWith("!") && field.defaultValue === undefined)
      .filter(({ field }) => !/null|omitted/i.test(field.description ?? ""))
      .map(({ place }) => place)
      // What AccountFilter leaves out is said of the type.
      .filter((place) => !place.startsWith("AccountFilter."));
    expect(silent).toEqual([]);
  });
});
