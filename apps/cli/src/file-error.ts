/** What the file system says, with its code (`ENOENT`, ...): no bug of ours. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;
