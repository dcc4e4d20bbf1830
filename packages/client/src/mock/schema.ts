import { buildSchema, GraphQLScalarType, type GraphQLSchema } from "graphql";
import { schemaText } from "../generated/schema.js";

const FORMS: Readonly<Record<string, RegExp>> = {
  DateTime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  BigInt: /^-?\d+$/,
  KeyArn: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:(\d{12}|ACCOUNT):key\/[A-Za-z0-9_-]+$/,
};

let made: GraphQLSchema | undefined;

/** The API's schema, made once; a scalar that is not in its form is an error, as in the API. */
export function mockSchema(): GraphQLSchema {
  made ??= createSchema();
  return made;
}

function createSchema(): GraphQLSchema {
  const schema = buildSchema(schemaText);
  for (const [name, form] of Object.entries(FORMS)) {
    const scalar = schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) throw new Error(`the schema has no scalar ${name}`);
    const check = (value: unknown) => {
      if (typeof value === "string" && form.test(value)) return value;
      throw new TypeError(`${JSON.stringify(value)} is no ${name}`);
    };
    scalar.serialize = check;
    scalar.parseValue = check;
  }
  return schema;
}
