/** Stand in a pattern for an asterisk and a question mark that are meant as such: what a policy variable became. */
const LITERAL: Readonly<Record<string, string>> = { "*": "\uE000", "?": "\uE001" };

export const literally = (text: string): string => text.replace(/[*?]/g, (character) => LITERAL[character] ?? character);

/** Whether the text matches a pattern with `*` (any characters) and `?` (one). Time is bounded by the product of the lengths. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === "*") {
      star = p++;
      resume = t;
    } else if (wanted !== undefined && (wanted === "?" || wanted === text[t] || wanted === LITERAL[text[t] ?? ""])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
