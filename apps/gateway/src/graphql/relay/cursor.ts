import { badUserInput } from "../errors/top-level-errors.js";

const VERSION = "1";
const MAX_LENGTH = 512;

/** Which list a cursor belongs to: one of another list is refused, not misread. */
export type CursorKind =
  | "account"
  | "source"
  | "backup"
  | "restore"
  | "rotation"
  | "health"
  | "audit"
  | "webhook"
  | "webhookDelivery";

/** base64url of `<version>:<list>:<sort key>`. The sort key is the repository's own (`cursorOf`). */
export const encodeCursor = (kind: CursorKind, sortKey: string): string =>
  Buffer.from(`${VERSION}:${kind}:${sortKey}`, "utf8").toString("base64url");

/** The sort key; throws BAD_USER_INPUT for anything that `encodeCursor` did not make for this list. */
export function decodeCursor(kind: CursorKind, cursor: string): string {
  const prefix = `${VERSION}:${kind}:`;
  const text = cursor.length <= MAX_LENGTH ? Buffer.from(cursor, "base64url").toString("utf8") : "";
  const sortKey = text.slice(prefix.length);
  if (!text.startsWith(prefix) || sortKey === "" || encodeCursor(kind, sortKey) !== cursor) {
    throw badUserInput("`after` is not a cursor of this list. Use a cursor from its edges or pageInfo.");
  }
  return sortKey;
}
