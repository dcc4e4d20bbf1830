const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that is HTML already. Only {@link html} makes it. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | Html | readonly Html[] | null;

const written = (part: Part): string => {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part !== "string") return part.map(({ text }) => text).join("\n");
  return part.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
};

/** A template whose strings are escaped wherever they are put: in text and in quoted attributes. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(literals.reduce((text, literal, n) => `${text}${written(parts[n - 1] ?? null)}${literal}`));
