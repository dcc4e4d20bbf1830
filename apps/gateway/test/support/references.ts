import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from "graphql";

/** A place of a field's arguments where something can be named. */
export interface Reference {
  /** `input`, `accountId`: the names on the way to it. */
  readonly path: readonly string[];
  /** The last of them. */
  readonly name: string;
}

export interface RootField {
  readonly operation: "query" | "mutation" | "subscription";
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly references: readonly Reference[];
}

/** What an argument of such a type says can name nobody's thing. */
const NAMES_NOTHING: ReadonlySet<string> = new Set(["Int", "Float", "Boolean", "BigInt", "DateTime"]);

/** Everything that can be asked for, with every place where it takes a text, an id, an ARN. */
export function rootFieldsOf(schema: GraphQLSchema): RootField[] {
  const roots = [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
    ["subscription", schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([operation, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      operation,
      name: field.name,
      field,
      references: referencesOf(field.args, []),
    })),
  );
}

/** Fields below the roots that take arguments, by the name of their type. */
export function fieldsWithReferences(
  schema: GraphQLSchema,
): { type: string; field: GraphQLField<unknown, unknown>; references: Reference[] }[] {
  const roots: readonly (GraphQLNamedType | null | undefined)[] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ];
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !roots.includes(type) && !type.name.startsWith("__"))
    .flatMap((type) =>
      Object.values(isObjectType(type) ? type.getFields() : {})
        .map((field) => ({ type: type.name, field, references: referencesOf(field.args, []) }))
        .filter(({ references }) => references.length > 0),
    );
}

function referencesOf(inputs: readonly (GraphQLArgument | GraphQLInputField)[], path: readonly string[]): Reference[] {
  return inputs.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) return referencesOf(Object.values(named.getFields()), [...path, name]);
    return isEnumType(named) || NAMES_NOTHING.has(named.name) ? [] : [{ path: [...path, name], name }];
  });
}

/** The arguments that a field must have, and those that `values` name, wherever they stand. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    field.args.flatMap(({ name, type }) => {
      const value = valueFor(name, type, values);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The names of all that a field cannot be asked without, its input's included. */
export function requiredNames(field: GraphQLField<unknown, unknown>): ReadonlySet<string> {
  const names = new Set<string>();
  JSON.parse(JSON.stringify(argumentsOf(field, {})), (name, value: unknown) => {
    names.add(name);
    return value;
  });
  return names;
}

function valueFor(name: string, type: GraphQLInputType, values: Readonly<Record<string, unknown>>): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const fields = Object.values(named.getFields()).map(
      (field) => [field.name, valueFor(field.name, field.type, values)] as const,
    );
    const given = fields.filter(([, value]) => value !== undefined);
    return given.length > 0 || isNonNullType(type) ? Object.fromEntries(given) : undefined;
  }
  if (name in values) return values[name];
  if (!isNonNullType(type)) return undefined;
  if (isListType(getNullableType(type))) return [];
  if (isEnumType(named)) return named.getValues()[0]?.name;
  return named.name === "Boolean" ? true : "x";
}

/** One operation that asks for this field alone, with everything of its answer that needs no further argument. */
export function documentFor({ operation, name, field }: RootField): string {
  const variables = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(", ");
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(", ");
  const list = (text: string) => (text === "" ? "" : `(${text})`);
  return `${operation} ${list(variables)} { ${name}${list(given)} ${selectionOf(field.type, 2)} }`;
}

export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isScalarType(named) || isEnumType(named)) return "";
  if (isAbstractType(named)) return "{ __typename }";
  if (!isObjectType(named)) throw new Error(`no selection of ${String(type)}`);
  const fields = Object.values(named.getFields())
    .filter(({ args }) => !args.some((argument) => isNonNullType(argument.type)))
    .filter(({ type: inner }) => depth > 1 || isScalarType(getNamedType(inner)) || isEnumType(getNamedType(inner)))
    .map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`.trim());
  return `{ __typename ${fields.join(" ")} }`;
}
