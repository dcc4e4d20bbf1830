const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for HTML content and quoted attributes; what has no glyph becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (found) => (found === "\n" || found === "\t" ? found : "\ufffd"))
    .replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}
