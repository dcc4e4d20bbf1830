import { parseDuration } from "./duration.js";

/** What a span of time may be called in an experiment besides `5s`: it follows from the product's settings. */
export const NAMED_SPANS = ["revocation-window", "lease", "health-interval"] as const;
export type NamedSpan = (typeof NAMED_SPANS)[number];
export const NAME = /^[a-z][a-z0-9-]*$/;

/** A sum of literals and named spans. */
export interface Span {
  readonly ms: number;
  readonly named: readonly NamedSpan[];
}

/** A point in time: when the act of that label took effect (absent: now), plus a span. */
export interface Moment {
  readonly label?: string;
  readonly plus: Span;
}

/** The settings that named spans stand for, in milliseconds. The revocation window is the lease plus one second. */
export interface SpanValues {
  readonly leaseMs: number;
  readonly healthIntervalMs: number;
}

/** `revocation-window`, `5s`, `lease + 500ms`; undefined where the text is no span. */
export function parseSpan(text: string): Span | undefined {
  const moment = parseMoment(text);
  return moment && moment.label === undefined ? moment.plus : undefined;
}

/** `off`, `off + revocation-window`, `off + 2s`; undefined where the text is no moment. */
export function parseMoment(text: string): Moment | undefined {
  let ms = 0;
  let label: string | undefined;
  const named: NamedSpan[] = [];
  for (const [index, term] of text
    .split("+")
    .map((part) => part.trim())
    .entries()) {
    const literal = parseDuration(term);
    if (literal !== undefined) ms += literal;
    else if (isNamedSpan(term)) named.push(term);
    else if (index === 0 && NAME.test(term)) label = term;
    else return undefined;
  }
  return label === undefined ? { plus: { ms, named } } : { label, plus: { ms, named } };
}

export function spanMs(span: Span, values: SpanValues): number {
  const value = { lease: values.leaseMs, "revocation-window": values.leaseMs + 1000, "health-interval": values.healthIntervalMs };
  return span.named.reduce((sum, name) => sum + value[name], span.ms);
}

function isNamedSpan(text: string): text is NamedSpan {
  return (NAMED_SPANS as readonly string[]).includes(text);
}
