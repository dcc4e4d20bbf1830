/** Where a command speaks. */
export interface Terminal {
  /** A line of the result, to stdout. */
  out(line: string): void;
  /** A line for the operator, to stderr. */
  error(line: string): void;
  /** Replaces the line of progress; absent where nobody watches. An empty line clears it. */
  progress?(line: string): void;
}
