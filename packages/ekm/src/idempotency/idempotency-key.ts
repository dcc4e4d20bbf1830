import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";

const MAX_LENGTH = 200;
/** No control, format, surrogate or unassigned characters, and no line breaks of Unicode's own. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

/** The caller's key, exactly as given: 1 to 200 printable characters. INPUT_INVALID otherwise. */
export function idempotencyKey(text: string): Outcome<string, readonly Rejection[]> {
  if (text.length <= MAX_LENGTH && PRINTABLE.test(text)) return ok(text);
  const message = `Between 1 and ${MAX_LENGTH} printable characters are allowed.`;
  return fail([rejection("INPUT_INVALID", message, ["input", "idempotencyKey"])]);
}
