export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
}

const cursorOf = (index: number): string => `cursor-${index}`;

/** A Relay connection over a list. */
export function pageOf<Item>(items: readonly Item[], { first, after }: PageRequest) {
  const start = after == null ? 0 : Number(after.slice("cursor-".length)) + 1;
  const nodes = items.slice(start, start + (first ?? 20));
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursorOf(start + index) })),
    totalCount: String(items.length),
    pageInfo: {
      hasNextPage: start + nodes.length < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length === 0 ? null : cursorOf(start),
      endCursor: nodes.length === 0 ? null : cursorOf(start + nodes.length - 1),
    },
  };
}
