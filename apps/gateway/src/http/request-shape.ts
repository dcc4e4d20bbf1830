/** Levels of lists and objects within `variables` or `extensions`, and values in all. The API's own inputs take two levels and ten values. */
export const MAX_VARIABLES_DEPTH = 10;
export const MAX_VARIABLES_VALUES = 1_000;

/**
 * Why a request's parameters cannot be taken, in words for the client; null when they can. Before anything walks through them: what
 * is declared nowhere is looked at by nobody else.
 */
export function faultOf(parameters: unknown): string | null {
  if (Array.isArray(parameters)) return "Operations are not taken in batches: send one request for each.";
  if (typeof parameters !== "object" || parameters === null) return "Send the request as a JSON object.";
  const { variables, extensions } = parameters as { variables?: unknown; extensions?: unknown };
  return faultOfValues("variables", variables) ?? faultOfValues("extensions", extensions);
}

function faultOfValues(name: string, given: unknown): string | null {
  let level: unknown[] = [given];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_VARIABLES_DEPTH) return `\`${name}\` nest more than ${MAX_VARIABLES_DEPTH} levels deep.`;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      const inner = Object.values(value);
      values += inner.length;
      if (values > MAX_VARIABLES_VALUES) return `\`${name}\` hold more than ${MAX_VARIABLES_VALUES} values.`;
      for (const one of inner) next.push(one);
    }
    level = next;
  }
  return null;
}
