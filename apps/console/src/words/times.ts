const AT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

/** In the reader's time zone. */
export const at = (time: string): string => AT.format(new Date(time));
export const day = (time: string): string => DAY.format(new Date(time));

const SPANS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;
const RELATIVE = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

/** "3 minutes ago", "in 6 days". */
export function fromNow(time: string, now: number): string {
  const ms = new Date(time).getTime() - now;
  for (const [unit, span] of SPANS) if (Math.abs(ms) >= span) return RELATIVE.format(Math.trunc(ms / span), unit);
  return ms <= 0 ? "just now" : "in less than a minute";
}

/** "6 days 4 hours", down to "2 minutes 5 seconds"; never below zero. */
export function span(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0) parts.push(`${amount} ${unit}${amount === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "0 seconds";
}
