import { badUserInput } from "../errors/top-level-errors.js";

export const MAX_ID_LENGTH = 64;

/** For ids that are arguments by themselves; those of inputs are bounded there. Throws BAD_USER_INPUT. */
export function boundedId(id: string): string {
  if (id.length > MAX_ID_LENGTH) throw badUserInput(`An id has at most ${MAX_ID_LENGTH} characters.`);
  return id;
}
