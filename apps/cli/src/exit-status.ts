/** What every command ends with. */
export const EXIT = {
  /** All is as it should be. */
  OK: 0,
  /** Something is not. */
  FOUND: 1,
  BAD_USAGE: 2,
  DATABASE_UNUSABLE: 3,
  /** AWS KMS does not open the account's key. */
  KEY_UNUSABLE: 4,
  /** The object store, the kit or the target cannot be read or written. */
  FILES_UNUSABLE: 5,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
