import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../experiments/duration.js";

export const DEFAULT_ENDPOINT = "http://localhost:4566";

/** A parser of a whole number within bounds, for an option's value. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`must be a whole number from ${from} to ${to}.`);
  };
}

export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("must be an http or https URL.");
}

/** `300ms`, `10s`, `15m`, in milliseconds. */
export function duration(text: string): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("must be a duration such as 300ms, 10s or 15m.");
}

/** `embedded` (undefined here) or the URL of a LocalStack. */
export function upstream(text: string): string | undefined {
  return text === "embedded" ? undefined : httpUrl(text);
}

export const endpointOption = (): Option =>
  new Option("--endpoint <url>", "the running simulator").default(DEFAULT_ENDPOINT).argParser(httpUrl);
export const seedOption = (): Option =>
  new Option("--seed <n>", "same seed: the same fault decisions and the same data").argParser(
    wholeNumber(0, Number.MAX_SAFE_INTEGER),
  );
export const upstreamOption = (): Option =>
  new Option(
    "--upstream <embedded|url>",
    "what keeps the keys behind the simulated AWS: embedded, or the URL of a LocalStack",
  ).argParser(upstream);
