import { reachOf, type Step } from "../runner/steps/registry.js";
import type { Explanation } from "./explain.js";
import { type Experiment, PHASES } from "./schema.js";

/** What each part of the file says well by itself, and what does not go together. */
export function findInconsistent(experiment: Experiment): Explanation[] {
  return [...neededIsolation(experiment), ...fullDisks(experiment), ...replicas(experiment), ...endings(experiment)];
}

function neededIsolation(experiment: Experiment): Explanation[] {
  if (experiment.isolation === "stack") return [];
  const problems = stepsWithPaths(experiment)
    .filter(({ step }) => reachOf(step) === "whole-stack")
    .map(({ path }) => ({ path, message: "everybody on the stack feels this: the experiment needs `isolation: stack`" }));
  if (experiment.given.product.storeSize === undefined) return problems;
  const path = ["given", "product", "storeSize"];
  return [...problems, { path, message: "a store of its own: the experiment needs `isolation: stack`" }];
}

function fullDisks(experiment: Experiment): Explanation[] {
  if (experiment.given.product.storeSize !== undefined) return [];
  return stepsWithPaths(experiment)
    .filter(({ step }) => "store" in step && typeof step.store === "object" && step.store !== null && "fill" in step.store)
    .map(({ path }) => ({
      path: [...path, "store", "fill"],
      message: "there is no disk to fill: set `given.product.storeSize`",
    }));
}

/** A key is made in the order of the file: what a replica is of must be there. */
function replicas({ given: { keys } }: Experiment): Explanation[] {
  const names = Object.keys(keys);
  return Object.entries(keys).flatMap(([name, { of }]) => {
    if (!of || (keys[of.name]?.kind === "multi-region" && names.indexOf(of.name) < names.indexOf(name))) return [];
    return [{ path: ["given", "keys", name, "of"], message: "expected a key of kind multi-region that stands before this one" }];
  });
}

function endings({ outcome, promised }: Experiment): Explanation[] {
  if (outcome === "recovers") {
    return promised.length === 0 ? [] : [{ path: ["promised"], message: "only where the outcome is unrecoverable" }];
  }
  const missing = { path: ["outcome"], message: "an unrecoverable outcome needs `promised`: what still holds then" };
  return promised.length > 0 ? [] : [missing];
}

function stepsWithPaths(experiment: Experiment): readonly { readonly step: Step; readonly path: Explanation["path"] }[] {
  return PHASES.flatMap((phase) => experiment[phase].map((step, index) => ({ step, path: [phase, index] })));
}
