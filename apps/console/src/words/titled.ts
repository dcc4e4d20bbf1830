/** `KEY_PENDING_DELETION` as "Key pending deletion". */
export function titled(code: string): string {
  const text = code.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
