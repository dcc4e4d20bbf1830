/** The system's error code (`ENOENT`, ...), or undefined for anything that is not a system error. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

export const isFull = (errno: string | undefined): boolean => errno === "ENOSPC" || errno === "EDQUOT";

/** Runs a file operation; null when what it names is not there. */
export async function orNull<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw error;
  }
}
