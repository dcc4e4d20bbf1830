import { createHash } from "node:crypto";

/**
 * SHA-256 of a request's body, hex: equal for equal fields in whatever order, a field left out and one that is undefined
 * being the same. The idempotency key is no part of the body.
 */
export function bodyHash({ idempotencyKey: _, ...body }: { readonly idempotencyKey?: string }): string {
  return createHash("sha256").update(canonical(body), "utf8").digest("hex");
}

function canonical(value: unknown): string {
  // Tagged, so that the number 1 and the text "1n" cannot be taken for a bigint.
  if (typeof value === "bigint") return `{"bigint":${JSON.stringify(String(value))}}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
}
