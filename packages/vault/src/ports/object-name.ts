/** S3's limit for a whole name; a part is kept well below the 255 bytes of a file name. */
export const MAX_OBJECT_NAME_LENGTH = 1024;
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** One part of an object name: never empty, never starts with a dot (so neither `.` nor `..`), at most 200 characters. */
export const isObjectNamePart = (part: string): boolean => PART.test(part);

/** Throws RangeError for a name that breaks the port's rules: names are made by this package, so a bad one is a bug. */
export function assertObjectName(name: string): void {
  if (name.length > MAX_OBJECT_NAME_LENGTH || !name.split("/").every(isObjectNamePart)) {
    throw new RangeError("not a valid object name");
  }
}

/** A prefix is a name followed by `/`. Throws RangeError otherwise. */
export function assertObjectPrefix(prefix: string): void {
  if (!prefix.endsWith("/")) throw new RangeError("an object prefix ends with a slash");
  assertObjectName(prefix.slice(0, -1));
}
