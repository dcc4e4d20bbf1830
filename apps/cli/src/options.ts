import { parseArgs } from "node:util";

/** A wrong use of a command; the message says what is wrong. */
export class UsageError extends Error {}

type Kind = "string" | "boolean";
type Values<T extends Readonly<Record<string, Kind>>> = { readonly [K in keyof T]?: T[K] extends "string" ? string : boolean };

/** Options by name, without positional arguments. Throws UsageError. */
export function readOptions<T extends Readonly<Record<string, Kind>>>(args: readonly string[], kinds: T): Values<T> {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, { type }]));
  try {
    const { values } = parseArgs({ args: [...args], options });
    return values as Values<T>;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Throws UsageError when the option was not given, or is empty. */
export function required(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw new UsageError(`--${name} is missing`);
  return value;
}
