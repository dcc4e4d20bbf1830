import { escapeHtml } from "./escape.js";

export interface Column {
  readonly title: string;
  readonly className?: string;
}
export interface Row {
  /** HTML, one per column. */
  readonly cells: readonly string[];
  readonly className?: string;
}

/** A table whose rows become cards where it is narrow: each cell knows the title of its column. */
export function table(columns: readonly Column[], rows: readonly Row[]): string {
  const head = columns.map(({ title, className }) => `<th${classOf(className)}>${escapeHtml(title)}</th>`).join("");
  const body = rows.map(({ cells, className }) => {
    const inner = columns.map(
      (column, index) =>
        `<td${classOf(column.className)} data-label="${escapeHtml(column.title)}">${cells[index] ? `<span>${cells[index]}</span>` : ""}</td>`,
    );
    return `<tr${classOf(className)}>${inner.join("")}</tr>`;
  });
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
}

const classOf = (name: string | undefined): string => (name ? ` class="${name}"` : "");
