import type { Outcome, Refusal } from "@ekm/ekm";
import { forbidden } from "./errors/top-level-errors.js";

/** The value of a query. A denied role is FORBIDDEN; a refusal beyond that is a bug: the account had been shown before. */
export async function shown<T>(query: Promise<Outcome<T, Refusal>>): Promise<T> {
  const outcome = await query;
  if (outcome.ok) return outcome.value;
  if ("denied" in outcome.error) throw forbidden();
  throw new Error(`a query about a visible account was refused: ${outcome.error.map(({ code }) => code).join(", ")}`);
}
