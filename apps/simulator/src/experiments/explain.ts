import type { z } from "zod";

type Issue = z.core.$ZodIssue;
export interface Explanation {
  /** From the file's root to the field. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * One sentence per mistake. Zod reports a union that did not match as every branch's complaints; here only the branch that the
 * author meant speaks: the one that knows the keys that are there. Where none does, the keys to choose from are listed.
 */
export function explainIssues(issues: readonly Issue[], base: readonly (string | number)[] = []): Explanation[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown field "${key}"` }));
    }
    if (issue.code === "invalid_union") return explainUnion(issue, path);
    return [
      { path, message: issue.code === "custom" || issue.code === "invalid_format" ? `expected ${issue.message}` : issue.message },
    ];
  });
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly (string | number)[]): Explanation[] {
  const branches = issue.errors.map((errors) => ({ errors, distance: errors.reduce((sum, error) => sum + distance(error), 0) }));
  const nearest = Math.min(...branches.map((branch) => branch.distance));
  const meant = branches.filter((branch) => branch.distance === nearest);
  const [only, ...others] = meant.map(({ errors }) => explainIssues(errors, path));
  if (only && others.length === 0) return only;
  // Several ways to write one value, none of them right: `25%` or `20MB`.
  if (nearest === 0) {
    const messages = meant.flatMap(({ errors }) => errors.map(({ message }) => message));
    return [{ path, message: `expected ${[...new Set(messages)].join(", or ")}` }];
  }
  const unknown = meant.flatMap(({ errors }) => errors.flatMap((error) => (isUnknown(error) ? error.keys : [])));
  const known = branches.flatMap(({ errors }) => errors.flatMap((error) => (isMissing(error) ? error.path.map(String) : [])));
  const choices = known.length > 0 ? `; expected one of ${[...new Set(known)].join(", ")}` : "";
  return [
    {
      path,
      message: unknown.length > 0 ? `unknown "${[...new Set(unknown)].join('", "')}"${choices}` : `not understood${choices}`,
    },
  ];
}

/** How far a branch is from what was written: keys that it lacks, keys that it does not know, or a wholly different kind of value. */
function distance(issue: Issue): number {
  if (isUnknown(issue)) return issue.keys.length;
  if (isMissing(issue)) return 1;
  return issue.code === "invalid_type" && issue.path.length === 0 ? 3 : 0;
}

function isUnknown(issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === "unrecognized_keys" && issue.path.length === 0;
}

function isMissing(issue: Issue): boolean {
  return (
    (issue.code === "invalid_type" || issue.code === "invalid_union") && issue.path.length === 1 && issue.input === undefined
  );
}
