import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import type { ExperimentResult, PhaseName } from "../runner/result.js";

/** `file` is relative to the workspace, with slashes; `line` counts from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const LISTS: Readonly<Record<PhaseName, string>> = {
  given: "given",
  "steady-state before": "steady-state",
  method: "method",
  rollback: "rollback",
  "steady-state after": "steady-state",
  promised: "promised",
};

/** Where the step stands that went wrong, or the experiment itself; undefined where the file is not in the workspace. */
export async function placeInFile(
  result: Pick<ExperimentResult, "steps">,
  file: string,
  workspace: string,
): Promise<Place | undefined> {
  const path = relative(workspace, resolve(file));
  if (path.startsWith("..") || isAbsolute(path)) return undefined;
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return { file: path.replaceAll("\\", "/"), line: lineOf(text, result.steps) };
}

function lineOf(text: string, steps: ExperimentResult["steps"]): number {
  const wrong = steps.find(({ outcome }) => outcome.kind !== "held");
  if (!wrong) return 1;
  const index = steps.filter(({ phase }) => phase === wrong.phase).indexOf(wrong);
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines });
  const list = isMap(contents) ? contents.get(LISTS[wrong.phase], true) : undefined;
  // What the runner adds of its own, such as cleaning up, has no step in the file.
  const node = isSeq(list) ? (list.items[index] ?? list) : list;
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
}
