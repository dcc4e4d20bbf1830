import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const DECIMAL = /^-?\d{1,19}$/;
const MAX = 2n ** 63n - 1n;

function parse(value: unknown): bigint {
  if (typeof value === "string" && DECIMAL.test(value)) {
    const number = BigInt(value);
    if (number <= MAX && number >= -MAX - 1n) return number;
  }
  throw new GraphQLError('BigInt must be a whole number of 64 bits as a decimal string, such as "1048576".');
}

/** `bigint` inside, a decimal string outside, since JSON numbers lose digits beyond 53 bits. Literals may leave the quotes out. */
export const BigIntString = new GraphQLScalarType<bigint, string>({
  name: "BigInt",
  description: "A whole number that may exceed 32 bits, as a decimal string",
  serialize: (value) => {
    if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return String(value);
    throw new TypeError("BigInt serialises whole numbers only");
  },
  parseValue: (value) => parse(typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined),
});
