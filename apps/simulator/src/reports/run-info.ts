/** What a run was, for whoever reads its reports later. */
export interface RunInfo {
  readonly seed: number;
  /** `stacks of its own`, or the URL of the product that was up. */
  readonly against: string;
  /** Versions of what it was made with. */
  readonly software: Readonly<Record<string, string>>;
}
