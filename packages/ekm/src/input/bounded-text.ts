import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";

/** Control characters, line and paragraph separators, halves of surrogate pairs, and what turns the direction of other text. */
const REFUSED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
/** Text of nothing but spaces and invisible characters looks empty. */
const VISIBLE = /[^\p{C}\p{Z}]/u;

/**
 * Text that a person typed, trimmed: 1 to `max` UTF-16 units, something to see among them, no control characters and the
 * like. INPUT_INVALID on the field otherwise.
 */
export function boundedText(text: string, max: number, field: string): Outcome<string, readonly Rejection[]> {
  const trimmed = text.trim();
  if (trimmed.length <= max && VISIBLE.test(trimmed) && !REFUSED.test(trimmed)) return ok(trimmed);
  const message = `Between 1 and ${max} characters are allowed, and no control characters.`;
  return fail([rejection("INPUT_INVALID", message, ["input", field])]);
}
