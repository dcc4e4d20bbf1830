import { z } from "zod";
import { keyName, type Reference } from "../../../experiments/fields.js";
import type { World } from "../../world.js";

/** The key that is submitted: one of `given.keys`, or any text, as an admin may type it. */
export const keyFields = {
  key: keyName.optional(),
  keyArn: z.string().max(2048).optional().meta({ description: "What is submitted, word for word, instead of a key's ARN." }),
};

interface NamedKey {
  readonly key?: Reference<"key"> | undefined;
  readonly keyArn?: string | undefined;
}

export const oneKey: [(step: NamedKey) => boolean, { message: string; path: string[] }] = [
  ({ key, keyArn }) => (key === undefined) !== (keyArn === undefined),
  { message: "either `key` or `keyArn`", path: ["key"] },
];

export function keyArnOf(world: World, { key, keyArn }: NamedKey): string {
  return key ? world.key(key).arn : (keyArn ?? "");
}
export const keyInWords = ({ key, keyArn }: NamedKey): string => key?.name ?? `"${keyArn}"`;
