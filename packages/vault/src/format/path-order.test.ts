import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, inPathOrder } from "./path-order.js";

type Tree = Map<string, Tree | null>;
const name = fc.oneof(
  fc.constantFrom("a", "a-", "a.", "a0", "b", "ä", "\uffee", "\u{1f511}"),
  fc.string({ minLength: 1, maxLength: 3 }),
);
const { tree } = fc.letrec<{ tree: Tree; node: Tree | null }>((tie) => ({
  tree: fc
    .array(
      fc.tuple(
        name.filter((text) => !text.includes("/")),
        tie("node"),
      ),
      { maxLength: 5 },
    )
    .map((all) => new Map(all)),
  node: fc.oneof({ depthSize: "small" }, fc.constant(null), tie("tree")),
}));

function paths(of: Tree, prefix = ""): string[] {
  const children = [...of].map(([child, below]) => ({ name: child, isDirectory: below !== null, below }));
  return inPathOrder(children).flatMap(({ child, descend }) =>
    descend && child.below ? paths(child.below, `${prefix}${child.name}/`) : [prefix + child.name],
  );
}

describe("inPathOrder", () => {
  it("walks any tree so that whole paths come out in the byte order of their UTF-8 forms", () => {
    fc.assert(
      fc.property(tree, (generated) => {
        const walked = paths(generated);
        const sorted = [...walked].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(walked).toEqual(sorted);
      }),
    );
  });
});

describe("compareBytes", () => {
  it("orders beyond the basic plane by bytes, where UTF-16 units would not", () => {
    expect("\u{1f511}" < "\uffee").toBe(true);
    expect(compareBytes("\u{1f511}", "\uffee")).toBeGreaterThan(0);
    expect(compareBytes("a", "a")).toBe(0);
  });
});
