import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from "graphql";

/** The parser stops here: a larger document costs nothing more. Introspection by GraphiQL takes about 400. */
export const MAX_TOKENS = 2_000;

/** What one document may hold. Each bounds something whose checking, or running, grows faster than the document. */
export const DOCUMENT_LIMITS = {
  operations: 10,
  fragments: 50,
  aliases: 30,
  directives: 50,
  variables: 50,
  /** Fields beyond the first of one name in one selection set: every two of them are compared. */
  repetitions: 20,
  /** `__schema` and `__type`, of which each can show everything. */
  introspections: 2,
} as const;
type Counted = keyof typeof DOCUMENT_LIMITS;

/**
 * Refuses a document that holds too many of something, before the rules of the specification look at it: some of them compare everything
 * with everything. It comes to its answer in one walk.
 */
export const documentLimits: ValidationRule = (context: ValidationContext) => ({
  Document: {
    enter(document) {
      const counts = countsOf(document);
      for (const name of Object.keys(DOCUMENT_LIMITS) as Counted[]) {
        if (counts[name] <= DOCUMENT_LIMITS[name]) continue;
        refuse(context, `The document holds ${counts[name]} ${name}; ${DOCUMENT_LIMITS[name]} are allowed.`);
      }
    },
  },
});

/** Ends validation at once: graphql-js does that when it has counted as many errors as were allowed, and by throwing. */
function refuse(context: ValidationContext, message: string): never {
  const error = new GraphQLError(message, { extensions: { refused: true } });
  for (;;) context.reportError(error);
}

/** What is told of a document's errors: of one that was refused at once, the one reason. */
export function toldOf(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const refusal = errors.find(({ extensions }) => extensions["refused"] === true);
  return refusal === undefined ? errors : [new GraphQLError(refusal.message)];
}

function countsOf(document: DocumentNode): Record<Counted, number> {
  const counts = { operations: 0, fragments: 0, aliases: 0, directives: 0, variables: 0, repetitions: 0, introspections: 0 };
  const count = (name: Counted): void => {
    counts[name] += 1;
  };
  visit(document, {
    OperationDefinition: () => count("operations"),
    FragmentDefinition: () => count("fragments"),
    Directive: () => count("directives"),
    VariableDefinition: () => count("variables"),
    Field({ alias, name }) {
      if (alias !== undefined) count("aliases");
      if (name.value === "__schema" || name.value === "__type") count("introspections");
    },
    SelectionSet(set, _key, parent) {
      // Those of an inline fragment belong to the set around it.
      const inline = parent !== undefined && "kind" in parent && parent.kind === Kind.INLINE_FRAGMENT;
      if (!inline) counts.repetitions += repetitionsOf(set);
    },
  });
  return counts;
}

function repetitionsOf(set: SelectionSetNode): number {
  const names = new Set<string>();
  const open = [set];
  let fields = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      else if (selection.kind === Kind.FIELD) {
        fields += 1;
        names.add((selection.alias ?? selection.name).value);
      }
    }
  }
  return fields - names.size;
}

/** How many fields of the root an operation of a validated document asks for. */
export function rootFieldsOf(document: DocumentNode, operation: { readonly selectionSet: SelectionSetNode }): number {
  const names = new Set<string>();
  const spread = new Set<string>();
  const open = [operation.selectionSet];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) names.add((selection.alias ?? selection.name).value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        for (const one of document.definitions) {
          if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value) open.push(one.selectionSet);
        }
      }
    }
  }
  return names.size;
}
