import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesWildcard } from "./wildcard.js";

/** The definition, in the most direct form: too slow for use. */
function byDefinition(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const [first, rest] = [pattern.charAt(0), pattern.slice(1)];
  if (first === "*") return byDefinition(rest, text) || (text !== "" && byDefinition(pattern, text.slice(1)));
  return text !== "" && (first === "?" || first === text.charAt(0)) && byDefinition(rest, text.slice(1));
}

it("agrees with the definition (property)", () => {
  const patterns = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 7 }).map((parts) => parts.join(""));
  const texts = fc.array(fc.constantFrom("a", "b"), { maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => matchesWildcard(pattern, text) === byDefinition(pattern, text)),
    { numRuns: 3000 },
  );
});

it("takes characters of regular expressions literally", () => {
  expect(matchesWildcard("a.c", "abc")).toBe(false);
  expect(matchesWildcard("(a)+[b]$", "(a)+[b]$")).toBe(true);
});

it("is quick on a pattern made to be slow", () => {
  const began = performance.now();
  expect(matchesWildcard(`${"*a".repeat(2000)}b`, "a".repeat(8000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(2000);
});
