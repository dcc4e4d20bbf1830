import type { PhaseName } from "../../src/runner/result.js";

/** A bug of the product, put into one compiled file while a process loads it. Nothing on disk is changed. */
export interface Plant {
  readonly name: string;
  /** What the product no longer does, or does wrongly. */
  readonly breaks: string;
  /** From the repository's root, under a `dist`. */
  readonly file: string;
  /** Stands in the file exactly once, or the process refuses to start: a plant whose ground was dug up must be planted anew. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: readonly [Catch, ...Catch[]];
}

/** An experiment of the catalogue that must go red, and where. */
export interface Catch {
  readonly experiment: string;
  readonly phase: PhaseName;
  /** The step's own text, as the reports show it. */
  readonly step: string;
  /** What the finding must say. */
  readonly happened: RegExp;
  /** What the experiment starts from, made smaller where less is as good. */
  readonly given?: { readonly leaseSeconds?: number; readonly bytes?: number };
  /** Takes long: planted by `npm run test:long` alone. */
  readonly long?: true;
}
