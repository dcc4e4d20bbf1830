import type { PageRequest } from "@ekm/ekm";
import { badUserInput } from "../errors/top-level-errors.js";
import { type CursorKind, decodeCursor } from "./cursor.js";

export const MAX_PAGE = 100;

/** `first` 1..100 and the decoded cursor; throws BAD_USER_INPUT. */
export function pageRequest(
  kind: CursorKind,
  first: number | null,
  after: string | null | undefined,
  otherwise = 20,
): PageRequest {
  const size = first ?? otherwise;
  if (size < 1 || size > MAX_PAGE) throw badUserInput(`\`first\` must be between 1 and ${MAX_PAGE}.`);
  return after == null ? { first: size } : { first: size, after: decodeCursor(kind, after) };
}
