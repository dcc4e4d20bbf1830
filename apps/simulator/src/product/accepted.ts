import type { Answer } from "./graphql.js";
import type { UserError } from "./types.js";

/** The payload of a mutation that must be accepted. */
export function accepted<K extends string, P extends { readonly userErrors: readonly UserError[] }>(
  mutation: K,
  answer: Answer<Record<K, P>>,
): P {
  if (!answer.ok) throw new Error(`${mutation}: ${answer.error.code} ${answer.error.message}`);
  const [error] = answer.data[mutation].userErrors;
  if (error) throw new Error(`${mutation}: ${error.code} ${error.message}`);
  return answer.data[mutation];
}
