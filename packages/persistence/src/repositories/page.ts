import type { Page, PageRequest } from "@ekm/ekm";
import { type FindOptionsOrder, LessThan } from "typeorm";

/** Ids sort by time of creation, so descending by id is newest first and the last item's id is the cursor. */
export const before = (request: PageRequest) => (request.after === undefined ? {} : { id: LessThan(request.after) });

/** One row more than was asked for tells whether there is a next page. */
export const newestFirst = <R extends { id: string }>(request: PageRequest) => ({
  order: { id: "DESC" } as FindOptionsOrder<R>,
  take: request.first + 1,
});

export const toPage = <R, T>(rows: readonly R[], request: PageRequest, toItem: (row: R) => T): Page<T> => ({
  items: rows.slice(0, request.first).map(toItem),
  hasNextPage: rows.length > request.first,
});
