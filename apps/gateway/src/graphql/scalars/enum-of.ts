import { registerEnumType } from "type-graphql";

/** Registers a GraphQL enum whose names are the domain's own strings. */
export function enumOf<T extends string>(name: string, values: readonly T[], description?: string): { readonly [K in T]: K } {
  const members = Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };
  registerEnumType(members, description === undefined ? { name } : { name, description });
  return members;
}
