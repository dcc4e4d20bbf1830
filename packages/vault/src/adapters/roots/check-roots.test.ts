import { expect, it } from "vitest";
import { checkRoots } from "./check-roots.js";

const check = (roots: readonly string[], restoreRoot: string, shared = false) =>
  checkRoots({ roots, restoreRoot, shared }).map(({ setting }) => setting);

it.each([
  [["/srv/{account}"], "/srv/{account}/restores"],
  [["/srv/{account}/in", "/out/{account}"], "/out/{account}"],
])("%j with restores in %s serves any number of accounts", (roots, restoreRoot) => {
  expect(check(roots, restoreRoot)).toEqual([]);
});

it("a root that all accounts share takes a deployment that says so", () => {
  expect(check(["/srv"], "/srv/restores")).toEqual(["roots"]);
  expect(check(["/srv/{account}", "/srv/all"], "/srv/{account}")).toEqual(["roots"]);
  expect(check(["/srv"], "/srv/restores", true)).toEqual([]);
  const [problem] = checkRoots({ roots: ["/srv"], restoreRoot: "/srv", shared: false });
  expect(problem?.message).toMatch(/\{account\}.*EKM_SHARED_ROOTS=true/);
});

it.each([["/srv/x{account}"], ["/srv/{account}/{account}"], ["/{account}/a{account}"]])("%s is no root", (root) => {
  expect(check([root], root)).toEqual(["roots"]);
  expect(check(["/srv/{account}"], root)).toContain("restoreRoot");
});

it("restores lie under a root", () => {
  expect(check(["/srv/{account}"], "/srv/restores")).toEqual(["restoreRoot"]);
  expect(check(["/srv/{account}"], "/srv/{account}x")).toEqual(["restoreRoot"]);
  expect(check(["/srv"], "/srvX", true)).toEqual(["restoreRoot"]);
});
