import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { findInconsistent } from "./consistency.js";
import { type Explanation, explainIssues } from "./explain.js";
import { findUnresolved } from "./references.js";
import { type Experiment, experimentSchema } from "./schema.js";

/** One mistake, with its place: line and column count from 1. */
export interface ParseProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `method[2].aws.disableKey`; empty for a mistake of the file's syntax. */
  readonly field: string;
  readonly message: string;
}

export type Parsed =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly problems: readonly ParseProblem[] };

const MOST_BYTES = 256 * 1024;
type Path = readonly (string | number)[];

/** Reads an experiment. `file` is for messages only. Every mistake that can be found at once is reported at once. */
export function parseExperiment(text: string, file: string): Parsed {
  if (text.length > MOST_BYTES)
    return failed([{ file, line: 1, column: 1, field: "", message: "the file is larger than 256 KiB" }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { file, line, column: col, field: "", message: firstLine(error.message) };
  });
  if (syntax.length > 0) return failed(syntax);
  const locate = ({ path, message }: Explanation): ParseProblem => {
    const { line, col } = lines.linePos(offsetOf(document.contents, path));
    return { file, line, column: col, field: fieldName(path), message };
  };
  const content = toPlain(document);
  if (content instanceof Error) return failed([{ file, line: 1, column: 1, field: "", message: content.message }]);
  const parsed = experimentSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) return failed(explainIssues(parsed.error.issues).map(locate));
  const problems = [...findUnresolved(parsed.data), ...findInconsistent(parsed.data)];
  return problems.length > 0 ? failed(problems.map(locate)) : { ok: true, experiment: parsed.data };
}

/** An error where a few bytes of aliases would expand to a great deal. */
function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

export function formatProblem(problem: ParseProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.field ? `${place}: ${problem.field}: ${problem.message}` : `${place}: ${problem.message}`;
}

const failed = (problems: readonly ParseProblem[]): Parsed => ({ ok: false, problems });
/** The parser's own message without the place, which is given apart, and without the excerpt that follows. */
const firstLine = (text: string): string => (text.split("\n")[0] ?? text).replace(/ at line \d+, column \d+:?$/, "");
const fieldName = (path: Path): string =>
  path.reduce<string>((name, part) => (typeof part === "number" ? `${name}[${part}]` : name ? `${name}.${part}` : part), "");

/** Where the deepest part of the path that is there begins; for a field, its key. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(part));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = node.items[Number(part)] as Node | null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
