import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Experiment, stepsOf } from "../experiments/schema.js";
import { NoSmallDisk } from "../stack/small-disk.js";
import { type Stack, type StackOptions, startStack } from "../stack/stack.js";
import { targetOfStack } from "./target.js";
import type { TargetSource } from "./target-source.js";

interface Shared {
  readonly starting: Promise<Owned>;
}
interface Owned {
  readonly stack: Stack;
  readonly directory: string;
}

/**
 * Stacks with each experiment's settings: shared with others, or its own where it asks for isolation. Each is started when it is
 * first needed, and ended once the last of `experiments` that needs it is done.
 */
export function createStackPool(
  experiments: readonly Experiment[],
  options: Pick<StackOptions, "inherited" | "upstream"> & { readonly seed: number; readonly leaseSeconds?: number },
): TargetSource {
  const shared = new Map<string, Shared>();
  const remaining = new Map<string, number>();
  const all = new Set<Owned>();
  const settingsOf = ({ given }: Experiment) => ({
    ...given.product,
    ...(options.leaseSeconds === undefined ? {} : { leaseSeconds: options.leaseSeconds }),
  });
  const keyOf = (experiment: Experiment): string => JSON.stringify(settingsOf(experiment));
  for (const experiment of experiments) {
    if (experiment.isolation === "account") remaining.set(keyOf(experiment), (remaining.get(keyOf(experiment)) ?? 0) + 1);
  }

  async function start(experiment: Experiment): Promise<Owned> {
    const directory = await mkdtemp(join(tmpdir(), "ekm-sim-"));
    try {
      const movableClock = stepsOf(experiment).some((step) => "clock" in step);
      // One LocalStack may stand behind several stacks: of one seed they would have the same AWS accounts and keys in it.
      const seed = `${options.seed}/${experiment.isolation === "stack" ? experiment.name : keyOf(experiment)}`;
      const stack = await startStack({ ...options, seed, directory, settings: settingsOf(experiment), movableClock });
      const owned = { stack, directory };
      all.add(owned);
      return owned;
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }
  async function end(owned: Owned): Promise<void> {
    if (!all.delete(owned)) return;
    await owned.stack.close();
    await rm(owned.directory, { recursive: true, force: true });
  }

  return {
    async acquire(experiment) {
      if (experiment.isolation === "stack") {
        const owned = await start(experiment).catch(unlessNoDisk);
        if ("reason" in owned) return { kind: "unsuitable", reason: owned.reason };
        return { kind: "target", target: targetOfStack(owned.stack, false), release: () => end(owned) };
      }
      const key = keyOf(experiment);
      const known = shared.get(key) ?? { starting: start(experiment) };
      shared.set(key, known);
      const owned = await known.starting;
      return {
        kind: "target",
        target: targetOfStack(owned.stack, true),
        release: async () => {
          const left = (remaining.get(key) ?? 1) - 1;
          remaining.set(key, left);
          if (left <= 0) await end(owned);
        },
      };
    },
    async close() {
      await Promise.all([...all].map(end));
    },
  };
}

/** Not a failure of the harness: this machine cannot be what the experiment needs. */
function unlessNoDisk(error: unknown): { readonly reason: string } {
  if (error instanceof NoSmallDisk) return { reason: error.message };
  throw error;
}
