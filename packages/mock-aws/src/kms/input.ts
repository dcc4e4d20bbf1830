import { AwsFault } from "../front/aws-fault.js";
import type { Tag } from "../keys/key.js";

/** Reads one member of an operation's input: its value, or what is wrong with it. */
export interface Member<T> {
  read(value: unknown): Read<T>;
}

type Read<T> = { readonly value: T } | Problem | "wrong type";

/** `at`: where, if it is not the member itself. */
interface Problem {
  readonly constraint: string;
  readonly shown?: string;
  readonly at?: string;
}

export interface Shape<I> {
  /** The input with known members only, or the fault in AWS's words; what is missing and optional is absent. */
  parse(input: Readonly<Record<string, unknown>>): I | AwsFault;
}

type Required<T> = { readonly member: Member<T>; readonly required: true };
type Optional<T> = { readonly member: Member<T>; readonly required: false };
type Field = Required<unknown> | Optional<unknown>;
type Value<F> = F extends { readonly member: Member<infer T> } ? T : never;
type RequiredNames<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F];

export type Input<S> = S extends Shape<infer I> ? I : never;
type InputOf<F> = { readonly [K in RequiredNames<F>]: Value<F[K]> } & {
  readonly [K in Exclude<keyof F, RequiredNames<F>>]?: Value<F[K]>;
};

export const required = <T>(member: Member<T>): Required<T> => ({ member, required: true });
export const optional = <T>(member: Member<T>): Optional<T> => ({ member, required: false });

export function shape<F extends Readonly<Record<string, Field>>>(fields: F): Shape<InputOf<F>> {
  const members = Object.entries(fields);
  return {
    parse(input) {
      const output: Record<string, unknown> = {};
      const problems: string[] = [];
      for (const [name, field] of members) {
        const given = input[name];
        if (given === undefined || given === null) {
          if (field.required)
            problems.push(`Value null at '${wireName(name)}' failed to satisfy constraint: Member must not be null`);
          continue;
        }
        const read = field.member.read(given);
        if (read === "wrong type") return new AwsFault("SerializationException");
        if ("value" in read) output[name] = read.value;
        else {
          const at = read.at ?? wireName(name);
          problems.push(`Value ${read.shown ?? ""}at '${at}' failed to satisfy constraint: ${read.constraint}`);
        }
      }
      if (problems.length === 0) return output as InputOf<F>;
      const count = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
      return new AwsFault("ValidationException", `${count} detected: ${problems.join("; ")}`);
    },
  };
}

/** `pattern`: as AWS writes it in the answer, matched as a whole. */
export function text(min: number, max: number, pattern?: string): Member<string> {
  const whole = pattern === undefined ? null : new RegExp(`^(?:${pattern})$`, "su");
  return {
    read(value) {
      if (typeof value !== "string") return "wrong type";
      const length = lengthProblem(value.length, min, max, show(value));
      if (length) return length;
      if (whole === null || whole.test(value)) return { value };
      return { constraint: `Member must satisfy regular expression pattern: ${pattern}`, shown: show(value) };
    },
  };
}

export function listOf<T>(member: Member<T>, min: number, max: number): Member<readonly T[]> {
  return {
    read(value) {
      if (!Array.isArray(value)) return "wrong type";
      const length = lengthProblem(value.length, min, max, show(`[${value.join(", ")}]`));
      if (length) return length;
      const values: T[] = [];
      for (const item of value) {
        const read = member.read(item);
        if (read === "wrong type" || "constraint" in read) return read;
        values.push(read.value);
      }
      return { value: values };
    },
  };
}

/** Seconds since 1970 on the wire; milliseconds here. */
export const timestamp: Member<number> = {
  read: (value) => (typeof value === "number" && Number.isFinite(value) ? { value: value * 1000 } : "wrong type"),
};

/** A structure with members of its own. */
export function structure<I>(fields: Shape<I>): Member<I> {
  return {
    read(value) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return "wrong type";
      const parsed = fields.parse(value as Record<string, unknown>);
      if (!(parsed instanceof AwsFault)) return { value: parsed };
      return parsed.code === "SerializationException" ? "wrong type" : { constraint: parsed.message ?? "" };
    },
  };
}

/** base64 on the wire. */
export function bytes(min: number, max: number): Member<Buffer> {
  return {
    read(value) {
      if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return "wrong type";
      const decoded = Buffer.from(value, "base64");
      return lengthProblem(decoded.length, min, max) ?? { value: decoded };
    },
  };
}

export function whole(min: number, max: number): Member<number> {
  return {
    read(value) {
      if (typeof value !== "number" || !Number.isInteger(value)) return "wrong type";
      if (value < min)
        return { constraint: `Member must have value greater than or equal to ${min}`, shown: show(String(value)) };
      if (value > max) return { constraint: `Member must have value less than or equal to ${max}`, shown: show(String(value)) };
      return { value };
    },
  };
}

export function oneOf<const T extends string>(values: readonly T[]): Member<T> {
  return {
    read(value) {
      if (typeof value !== "string") return "wrong type";
      const found = values.find((candidate) => candidate === value);
      if (found !== undefined) return { value: found };
      return { constraint: `Member must satisfy enum value set: [${values.join(", ")}]`, shown: show(value) };
    },
  };
}

export const flag: Member<boolean> = { read: (value) => (typeof value === "boolean" ? { value } : "wrong type") };

/** String pairs: an encryption context. */
export const stringMap: Member<Readonly<Record<string, string>>> = {
  read(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "wrong type";
    const pairs = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(pairs)) if (typeof pairs[name] !== "string") return "wrong type";
    return { value: pairs as Readonly<Record<string, string>> };
  },
};

export const tags: Member<readonly Tag[]> = {
  read(value) {
    if (!Array.isArray(value) || !value.every(isTag)) return "wrong type";
    for (const [index, { TagKey, TagValue }] of value.entries()) {
      const problem = tagProblem(TagKey, TagValue);
      if (problem) return { ...problem, at: `tags.${index + 1}.member.${problem.at}` };
    }
    return { value: value.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })) };
  },
};

function tagProblem(key: string, value: string) {
  const wrongKey = lengthProblem(key.length, 1, 128, show(key));
  if (wrongKey) return { ...wrongKey, at: "tagKey" };
  const wrongValue = lengthProblem(value.length, 0, 256, show(value));
  return wrongValue ? { ...wrongValue, at: "tagValue" } : null;
}

function isTag(value: unknown): value is Tag {
  const tag = value as { TagKey?: unknown; TagValue?: unknown } | null;
  return typeof tag === "object" && typeof tag?.TagKey === "string" && typeof tag.TagValue === "string";
}

function lengthProblem(length: number, min: number, max: number, shown = "") {
  if (length < min) return { constraint: `Member must have length greater than or equal to ${min}`, shown };
  if (length > max) return { constraint: `Member must have length less than or equal to ${max}`, shown };
  return null;
}

const show = (value: string): string => `'${value.slice(0, 256)}' `;

const wireName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
