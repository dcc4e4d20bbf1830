import type { Page, PageRequest } from "../ports/store.js";
import type { Listing } from "./queries.js";

const MAX_PAGE = 100;

/** Within 1 and 100 items. */
export const bounded = ({ first, ...rest }: PageRequest): PageRequest => ({
  ...rest,
  first: Math.min(Math.max(1, first), MAX_PAGE),
});

export const listing = <T>(page: Page<T>, totalCount: () => Promise<bigint>): Listing<T> => ({ ...page, totalCount });
