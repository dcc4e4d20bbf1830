/** What every command ends with. */
export const EXIT = {
  /** All is as it should be. */
  OK: 0,
  /** Something is not. */
  FOUND: 1,
  BAD_USAGE: 2,
  DATABASE_UNUSABLE: 3,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
