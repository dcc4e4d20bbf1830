import type { Answer } from "./graphql.js";
import type { UserError } from "./types.js";

/** The product refused what it was to accept. */
export class ProductRefused extends Error {
  override readonly name = "ProductRefused";
}

/** The payload of a mutation that must be accepted; `what` is said for people where it was not. */
export function accepted<K extends string, P extends { readonly userErrors: readonly UserError[] }>(
  mutation: K,
  answer: Answer<Record<K, P>>,
  what: string = mutation,
): P {
  if (!answer.ok) throw new ProductRefused(`${what}: ${answer.error.code} ${answer.error.message}`);
  const [error] = answer.data[mutation].userErrors;
  if (error) throw new ProductRefused(`${what}: ${error.code} ${error.message}`);
  return answer.data[mutation];
}
