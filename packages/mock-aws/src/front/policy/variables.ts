import type { ConditionContext } from "./policy.js";
import { literally } from "./wildcard.js";

const VARIABLE = /\$\{([^}]*)\}/g;
const SPECIAL: Readonly<Record<string, string>> = { "*": "*", "?": "?", $: "$" };

export const hasVariables = (text: string): boolean => text.includes("${");

/**
 * IAM User Guide, "Policy variables": `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`. Null where a variable has no
 * value, or several: then the statement does not apply. `asPattern`: what is put in is meant literally, not as wildcards.
 */
export function expand(text: string, context: ConditionContext, asPattern: boolean): string | null {
  let missing = false;
  const expanded = text.replace(VARIABLE, (_whole, inside: string) => {
    const [name = "", fallback] = split(inside);
    const value = SPECIAL[name] ?? single(context.get(name.toLowerCase())) ?? fallback;
    if (value === undefined) missing = true;
    return asPattern ? literally(value ?? "") : (value ?? "");
  });
  return missing ? null : expanded;
}

function split(inside: string): [string, string?] {
  const parts = /^([^,]*?)\s*(?:,\s*'([^']*)')?\s*$/.exec(inside);
  return parts?.[2] === undefined ? [(parts?.[1] ?? inside).trim()] : [(parts[1] ?? "").trim(), parts[2]];
}

const single = (values: readonly string[] | undefined): string | undefined => (values?.length === 1 ? values[0] : undefined);
