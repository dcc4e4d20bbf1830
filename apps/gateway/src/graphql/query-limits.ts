import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";
import { MAX_PAGE } from "./relay/page-request.js";

export const MAX_DEPTH = 12;
export const MAX_COST = 20_000;
/** Of introspection, which is weighed by itself, for each type of the schema. What GraphiQL and code generators ask comes to half of it. */
export const MAX_INTROSPECTION_PER_TYPE = 3_000;

interface Weight {
  readonly depth: number;
  readonly cost: number;
  /** As a part of introspection. */
  readonly part: number;
  /** The introspections within. */
  readonly introspection: number;
}
const NOTHING: Weight = { depth: 0, cost: 0, part: 0, introspection: 0 };

/** How long the lists of introspection are, roughly and on the safe side; `types` is as long as the schema has types. */
const INTROSPECTED: ReadonlyMap<string, number> = new Map([
  ["fields", 8],
  ["args", 3],
  ["inputFields", 3],
  ["enumValues", 5],
  ["interfaces", 1],
  ["possibleTypes", 2],
  ["directives", 8],
]);

/**
 * Refuses documents that nest too deep or could ask for too much: every field counts one, times the page sizes above it. A
 * fragment is weighed once, so that the check stays cheap however often it is spread.
 */
export const queryLimits: ValidationRule = (context: ValidationContext) => {
  const pages = pageSizes(context.getSchema());
  const types = Object.keys(context.getSchema().getTypeMap()).length;
  const known = new Map<string, Weight>();

  const ofFragment = (fragment: FragmentDefinitionNode | null | undefined): Weight => {
    if (fragment == null) return NOTHING;
    const name = fragment.name.value;
    const weighed = known.get(name);
    if (weighed !== undefined) return weighed;
    // Stands in while a fragment contains itself, which another rule refuses.
    known.set(name, NOTHING);
    const weight = weigh(fragment.selectionSet);
    known.set(name, weight);
    return weight;
  };

  const ofField = (field: FieldNode): Weight => {
    const name = field.name.value;
    const inner = field.selectionSet === undefined ? NOTHING : weigh(field.selectionSet);
    if (name === "__schema" || name === "__type") return { ...NOTHING, introspection: inner.part };
    return {
      depth: inner.depth + 1,
      cost: 1 + inner.cost * pageSize(field, pages.get(name) ?? 1),
      part: 1 + inner.part * (name === "types" ? types : (INTROSPECTED.get(name) ?? 1)),
      introspection: inner.introspection,
    };
  };

  const weigh = (set: SelectionSetNode): Weight => {
    let { depth, cost, part, introspection } = NOTHING;
    for (const selection of set.selections) {
      let weight: Weight;
      if (selection.kind === Kind.FIELD) weight = ofField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) weight = weigh(selection.selectionSet);
      else weight = ofFragment(context.getFragment(selection.name.value));
      depth = Math.max(depth, weight.depth);
      cost += weight.cost;
      part += weight.part;
      introspection += weight.introspection;
    }
    return { depth, cost, part, introspection };
  };

  return {
    OperationDefinition(operation) {
      const { depth, cost, introspection } = weigh(operation.selectionSet);
      if (depth > MAX_DEPTH)
        context.reportError(new GraphQLError(`The query nests ${depth} levels deep; ${MAX_DEPTH} are allowed.`));
      if (cost > MAX_COST) {
        context.reportError(new GraphQLError("The query asks for too much at once: ask for fewer fields or smaller pages."));
      }
      if (introspection > MAX_INTROSPECTION_PER_TYPE * types) {
        context.reportError(new GraphQLError("The query asks for too much of the schema at once."));
      }
    },
  };
};

/** Validation does not see variables: a page of unknown size is taken for the largest. */
function pageSize(field: FieldNode, otherwise: number): number {
  const value = field.arguments?.find(({ name }) => name.value === "first")?.value;
  if (value === undefined) return otherwise;
  return value.kind === Kind.INT ? Math.min(Number(value.value), MAX_PAGE) : MAX_PAGE;
}

const pageSizesOf = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

/** Names of the fields that are connections, with the page size that they have when none is asked for. */
function pageSizes(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const known = pageSizesOf.get(schema);
  if (known !== undefined) return known;
  const sizes = new Map<string, number>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const first = field.args.find(({ name }) => name === "first");
      if (first !== undefined) sizes.set(field.name, typeof first.defaultValue === "number" ? first.defaultValue : MAX_PAGE);
    }
  }
  pageSizesOf.set(schema, sizes);
  return sizes;
}
