import type { Member } from "../kms/input.js";

const MAX_MEMBERS = 50;

/** A list of pairs as the Query protocol writes it (`Tags.member.1.Key=..`), read by the wire into an array of objects. */
export function formList<const K extends string, const V extends string>(
  key: K,
  value: V,
): Member<readonly Record<K | V, string>[]> {
  return {
    read(given) {
      if (!Array.isArray(given)) return "wrong type";
      if (given.length > MAX_MEMBERS) return { constraint: `Member must have length less than or equal to ${MAX_MEMBERS}` };
      const isPair = (item: unknown): item is Record<K | V, string> => {
        const pair = item as Record<string, unknown> | null;
        return typeof pair?.[key] === "string" && typeof pair[value] === "string";
      };
      return given.every(isPair) ? { value: given } : "wrong type";
    },
  };
}
