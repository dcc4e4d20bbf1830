/** 2026-01-05 08:00 UTC: what people on both sides of a ticket read alike. */
export const instant = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

export const counted = (count: number | bigint, one: string): string => `${count} ${one}${BigInt(count) === 1n ? "" : "s"}`;

export const duration = (seconds: number): string =>
  seconds % 60 === 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");

/** The first few, and how many more there are. */
export function listed(items: readonly string[], max: number): string {
  const more = items.length - max;
  return more > 0 ? `${items.slice(0, max).join(", ")} and ${more} more` : items.join(", ");
}

/** Text from outside within a line of ours: printable, and short. */
export function inLine(text: string, max: number): string {
  const printable = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ");
  return printable.length <= max ? printable : `${printable.slice(0, max - 3)}...`;
}
