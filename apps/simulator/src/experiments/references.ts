import type { Explanation } from "./explain.js";
import { isDefinition, isReference, type Reference } from "./fields.js";
import { type Moment, NAMED_SPANS } from "./moment.js";
import { type Experiment, PHASES } from "./schema.js";

type Path = Explanation["path"];

/** Names that nothing in the file stands for. Labels count from the step that defines them on. */
export function findUnresolved(experiment: Experiment): Explanation[] {
  const owners = Object.values(experiment.given.keys).map(({ account }) => account);
  const known: Record<Reference["refersTo"], Set<string>> = {
    account: new Set(Object.keys(experiment.given.accounts)),
    key: new Set(Object.keys(experiment.given.keys)),
    "aws-account": new Set(["customer", "vendor", ...owners, ...Object.keys(experiment.given["aws-accounts"])]),
    label: new Set(),
    backup: new Set(["latest", "first"]),
  };
  const problems: Explanation[] = [];
  const check = (kind: Reference["refersTo"], name: string, path: Path): void => {
    if (known[kind].has(name)) return;
    const names = [...known[kind]];
    problems.push({ path, message: `no ${kind} is named "${name}"${names.length > 0 ? ` (there is ${names.join(", ")})` : ""}` });
  };
  const visit = (value: unknown, path: Path): void => {
    if (isReference(value)) check(value.refersTo, value.name, path);
    else if (isMoment(value)) {
      if (value.label !== undefined) check("label", value.label, path);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  const define = (value: unknown, path: Path): void => {
    if (isDefinition(value)) {
      if ((NAMED_SPANS as readonly string[]).includes(value.defines))
        problems.push({ path, message: `"${value.defines}" is a span's name` });
      known.label.add(value.defines);
      known.backup.add(value.defines);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) define(inner, [...path, key]);
    }
  };
  visit(experiment.given, ["given"]);
  for (const phase of PHASES) {
    for (const [index, step] of experiment[phase].entries()) {
      visit(step, [phase, index]);
      define(step, [phase, index]);
    }
  }
  return problems;
}

function isMoment(value: unknown): value is Moment {
  return typeof value === "object" && value !== null && "plus" in value;
}
