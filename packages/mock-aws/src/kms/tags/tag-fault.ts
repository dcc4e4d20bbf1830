import { AwsFault } from "../../front/aws-fault.js";
import type { Tag } from "../../keys/key.js";

const MAX_TAGS = 50;

/** What AWS answers to tags that a key must not have; `present`: those that it has already. */
export function tagFault(tags: readonly Tag[], present: readonly Tag[] = []): AwsFault | null {
  const names = tags.map(({ TagKey }) => TagKey);
  if (names.some((name) => name.toLowerCase().startsWith("aws:"))) {
    return new AwsFault("TagException", "Tags beginning with aws: are reserved");
  }
  if (new Set(names).size !== names.length) return new AwsFault("TagException", "Duplicate tag keys");
  const all = new Set([...names, ...present.map(({ TagKey }) => TagKey)]);
  return all.size > MAX_TAGS ? new AwsFault("TagException", "Too many tags") : null;
}

/** aws:RequestTag and aws:TagKeys. */
export const tagConditions = (tags: readonly Tag[] | undefined): Record<string, string | readonly string[]> => ({
  ...Object.fromEntries((tags ?? []).map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
  ...(tags === undefined || tags.length === 0 ? {} : { "aws:TagKeys": tags.map(({ TagKey }) => TagKey) }),
});
