import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";

const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Text that a person typed, trimmed: 1 to `max` characters, no control characters. INPUT_INVALID on the field otherwise. */
export function boundedText(text: string, max: number, field: string): Outcome<string, readonly Rejection[]> {
  const trimmed = text.trim();
  if (trimmed.length >= 1 && trimmed.length <= max && !CONTROL_CHARACTERS.test(trimmed)) return ok(trimmed);
  const message = `Between 1 and ${max} characters are allowed, and no control characters.`;
  return fail([rejection("INPUT_INVALID", message, ["input", field])]);
}
