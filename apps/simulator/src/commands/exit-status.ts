export const EXIT = { ok: 0, deviated: 1, badInput: 2, harness: 3 } as const;

/** Something that the person at the keyboard can put right: reported in one line, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
