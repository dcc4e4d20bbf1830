import type { Answer } from "../../product/graphql.js";
import type { UserError } from "../../product/types.js";
import type { Act } from "./act.js";

/** Turns a mutation's answer into an act; `take` picks what the payload brought besides `userErrors`. */
export async function perform<K extends string, P extends { readonly userErrors: readonly UserError[] }>(
  what: string,
  mutation: K,
  request: Promise<Answer<Record<K, P>>>,
  take: (payload: P) => Partial<Act>,
): Promise<Act> {
  const startedAt = Date.now();
  const answer = await request;
  if (!answer.ok) return { what, startedAt, requestError: answer.error, userErrors: [] };
  const payload = answer.data[mutation];
  return { what, startedAt, userErrors: payload.userErrors, ...take(payload) };
}
