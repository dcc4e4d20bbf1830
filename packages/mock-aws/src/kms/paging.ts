import { AwsFault } from "../front/aws-fault.js";

export interface PageRequest {
  readonly Limit?: number;
  readonly Marker?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly paging: { readonly Truncated: boolean; readonly NextMarker?: string };
}

/** One page of a list. The marker is the name of the last item shown; one that names nothing is refused. */
export function pageOf<T>(
  all: readonly T[],
  { Limit, Marker }: PageRequest,
  nameOf: (item: T) => string,
  defaultLimit: number,
): Page<T> | AwsFault {
  const after = Marker === undefined ? -1 : all.findIndex((item) => nameOf(item) === Marker);
  if (Marker !== undefined && after < 0) return new AwsFault("InvalidMarkerException", "The marker is not valid.");
  const items = all.slice(after + 1, after + 1 + (Limit ?? defaultLimit));
  const last = items.at(-1);
  const truncated = after + 1 + items.length < all.length;
  return { items, paging: { Truncated: truncated, ...(truncated && last !== undefined ? { NextMarker: nameOf(last) } : {}) } };
}
