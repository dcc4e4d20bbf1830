import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPERIMENTS } from "../paths.js";
import { type ParseProblem, parseExperiment } from "./parse.js";
import type { Experiment } from "./schema.js";

/** Experiments that were read, and every mistake in those that could not be. */
export interface Loaded {
  readonly experiments: readonly Experiment[];
  readonly problems: readonly ParseProblem[];
  /** The file of each experiment, by its name. */
  readonly files: ReadonlyMap<string, string>;
}

/** The experiments that ship with the simulator, by name. */
export async function loadCatalogue(): Promise<Loaded> {
  const files = (await readdir(EXPERIMENTS)).filter((file) => file.endsWith(".yaml")).sort();
  return loadFiles(files.map((file) => join(EXPERIMENTS, file)));
}

export async function loadFiles(files: readonly string[]): Promise<Loaded> {
  const experiments: Experiment[] = [];
  const problems: ParseProblem[] = [];
  const byName = new Map<string, string>();
  for (const file of files) {
    const text = await readFile(file, "utf8").catch((error: Error) => error);
    if (text instanceof Error) {
      problems.push({ file, line: 1, column: 1, field: "", message: `the file cannot be read: ${text.message}` });
      continue;
    }
    const parsed = parseExperiment(text, file);
    if (parsed.ok) {
      experiments.push(parsed.experiment);
      byName.set(parsed.experiment.name, file);
    } else problems.push(...parsed.problems);
  }
  return { experiments, problems, files: byName };
}

export interface Selection {
  /** Names of the catalogue, or paths of files (with a slash or an ending). */
  readonly names: readonly string[];
  readonly tag?: string;
}

/** What was asked for; with no name, everything in the catalogue but what is tagged `slow` (unless the tag is asked for). */
export async function selectExperiments({ names, tag }: Selection): Promise<Loaded> {
  const isFile = (name: string): boolean => name.includes("/") || /\.ya?ml$/.test(name);
  const fromFiles = await loadFiles(names.filter(isFile));
  const catalogue = await loadCatalogue();
  const wanted = names.filter((name) => !isFile(name));
  const unknown = wanted.filter((name) => !catalogue.experiments.some((experiment) => experiment.name === name));
  const byName = catalogue.experiments.filter(({ name, tags }) =>
    names.length > 0 ? wanted.includes(name) : tag !== undefined || !tags.includes("slow"),
  );
  return {
    experiments: [...fromFiles.experiments, ...byName].filter(({ tags }) => tag === undefined || tags.includes(tag)),
    problems: [
      ...fromFiles.problems,
      ...catalogue.problems,
      ...unknown.map((name) => ({
        file: name,
        line: 1,
        column: 1,
        field: "",
        message: "the catalogue has no experiment of this name; see `ekm-sim list`",
      })),
    ],
    files: new Map([...catalogue.files, ...fromFiles.files]),
  };
}
