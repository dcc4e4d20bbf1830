import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const ISO_8601_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parse(value: unknown): Date {
  if (typeof value === "string" && ISO_8601_UTC.test(value)) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new GraphQLError("DateTime must be an ISO-8601 time with a zone, such as 2030-01-31T12:00:00.000Z.");
}

/** `Date` inside, ISO-8601 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "A moment, ISO-8601 in UTC",
  serialize: (value) => {
    if (!(value instanceof Date)) throw new TypeError("DateTime serialises Date objects only");
    return value.toISOString();
  },
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
