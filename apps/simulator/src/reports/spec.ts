import pc from "picocolors";
import type { ExperimentResult, Verdict } from "../runner/result.js";
import type { Reporter } from "./reporter.js";

export interface Terminal {
  write(text: string): void;
  /** Lines can be overwritten: what runs at the moment is shown. */
  readonly isTTY: boolean;
  /** Not where NO_COLOR asks for none. */
  readonly hasColours: boolean;
  readonly columns: number;
}

/** For people: what runs at the moment (on a terminal), each experiment as it ends, and a table at last. */
export function specReporter(terminal: Terminal): Reporter {
  const colour = pc.createColors(terminal.hasColours);
  const paint: Readonly<Record<Verdict, (text: string) => string>> = {
    "as expected": colour.green,
    deviated: colour.red,
    "harness failed": colour.magenta,
    skipped: colour.yellow,
  };
  const running = new Map<string, string>();
  let isLineOpen = false;
  const clearLine = (): void => {
    if (isLineOpen) terminal.write("\r\u001b[2K");
    isLineOpen = false;
  };
  const showProgress = (): void => {
    if (!terminal.isTTY || running.size === 0) return;
    clearLine();
    const text = [...running].map(([name, step]) => `${name}: ${step}`).join("  |  ");
    terminal.write(colour.dim(printable(text).slice(0, terminal.columns - 1)));
    isLineOpen = true;
  };
  return {
    started({ name }) {
      running.set(name, "starting");
      showProgress();
    },
    progress({ name }, text) {
      running.set(name, text);
      showProgress();
    },
    finished(result) {
      running.delete(result.name);
      clearLine();
      terminal.write(
        `${paint[result.verdict](symbolOf(result.verdict))} ${result.name} ${colour.dim(`(${result.seconds.toFixed(1)} s)`)}\n`,
      );
      if (result.verdict !== "as expected") terminal.write(details(result, colour.dim));
      showProgress();
    },
    async done(results) {
      clearLine();
      terminal.write(
        `\n${table(results, terminal.columns, (result, text) => paint[result.verdict](text), colour.bold)}\n${totals(results)}\n`,
      );
    },
  };
}

function symbolOf(verdict: Verdict): string {
  return { "as expected": "ok  ", deviated: "FAIL", "harness failed": "??? ", skipped: "skip" }[verdict];
}

/** What came from outside must not move the cursor. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function details(result: ExperimentResult, dim: (text: string) => string): string {
  const lines = [`     expected: ${result.expected}`, `     happened: ${printable(result.happened)}`];
  if (result.logs.length > 0)
    lines.push(dim("     last log lines:"), ...result.logs.map((line) => dim(`       ${printable(line).slice(0, 300)}`)));
  return `${lines.join("\n")}\n`;
}

function table(
  results: readonly ExperimentResult[],
  columns: number,
  paint: (result: ExperimentResult, text: string) => string,
  bold: (text: string) => string,
): string {
  const nameWidth = Math.max(10, ...results.map(({ name }) => name.length));
  const textWidth = Math.max(24, Math.floor((Math.max(columns, 100) - nameWidth - 14) / 2));
  const rows = results.map((result) => {
    const cells = [wrap(result.name, nameWidth), wrap(result.expected, textWidth), wrap(cellText(result), textWidth)];
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => {
      const [name = "", expected = "", happened = ""] = cells.map((cell) => cell[line] ?? "");
      const seconds = line === 0 ? result.seconds.toFixed(1).padStart(7) : "";
      return `${name.padEnd(nameWidth)}  ${expected.padEnd(textWidth)}  ${paint(result, happened.padEnd(textWidth))}  ${seconds}`.trimEnd();
    }).join("\n");
  });
  const header = `${"experiment".padEnd(nameWidth)}  ${"expected".padEnd(textWidth)}  ${"happened".padEnd(textWidth)}  seconds`;
  return [bold(header), ...rows].join("\n");
}

function cellText({ verdict, happened }: ExperimentResult): string {
  const text = printable(happened);
  return verdict === "as expected" ? text || "as expected" : `${verdict.toUpperCase()}: ${text}`;
}

function totals(results: readonly ExperimentResult[]): string {
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  const parts = (["as expected", "deviated", "harness failed", "skipped"] as const).map(
    (verdict) => `${count(verdict)} ${verdict}`,
  );
  return parts.join(", ");
}

/** Breaks at spaces; a word longer than the width is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((part) => part.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""])) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
