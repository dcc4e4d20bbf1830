import { registerEnumType } from "type-graphql";

/** Registers a GraphQL enum whose names are the domain's own strings, each with its meaning. */
export function enumOf<T extends string>(
  name: string,
  values: readonly T[],
  description: string,
  meanings: Readonly<Record<T, string>>,
): { readonly [K in T]: K } {
  const members = Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };
  const valuesConfig = Object.fromEntries(values.map((value) => [value, { description: meanings[value] }])) as {
    [K in T]: { description: string };
  };
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}
