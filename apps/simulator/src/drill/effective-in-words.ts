import type { Effective } from "./key-owner.js";

export function effectiveInWords({ earliest, latest, by }: Effective): string {
  const [from, to] = [earliest, latest].map((ms) => new Date(ms).toISOString());
  return by === "aws" ? `effective ${from}, by AWS's log` : `effective between ${from} and ${to}, as the product saw it`;
}
