import { appendFileSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restoreRoots, type WriteWatch, watchWrites } from "./watch-writes.js";

let root = "";
let watch: WriteWatch | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ekm-watch-"));
});
afterEach(() => {
  watch?.stop();
  rmSync(root, { recursive: true });
});

describe("watching writes", () => {
  it("counts what is added, and dates it by the change, whatever modification time a restore sets", async () => {
    writeFileSync(join(root, "before"), "12345");
    watch = watchWrites(() => [root]);
    const from = Date.now();
    appendFileSync(join(root, "before"), "678");
    mkdirSync(join(root, "deep"));
    writeFileSync(join(root, "deep", "new"), "abcd");
    utimesSync(join(root, "deep", "new"), 0, 0);
    await expect.poll(() => watch?.bytes).toBe(7);
    expect(watch.lastWriteAt).toBeGreaterThan(from - 50);
    expect(watch.lastWriteAt).toBeLessThanOrEqual(Date.now());
  });

  it("takes a rename and a second link for no write", async () => {
    watch = watchWrites(() => [root]);
    writeFileSync(join(root, "a"), "abcd");
    await expect.poll(() => watch?.bytes).toBe(4);
    const at = watch.lastWriteAt;
    renameSync(join(root, "a"), join(root, "b"));
    linkSync(join(root, "b"), join(root, "c"));
    watch.stop();
    expect([watch.bytes, watch.lastWriteAt]).toEqual([4, at]);
  });

  it("sees a restore's target and its staging, and no other restore's", () => {
    for (const name of ["r-1", "r-1.ekm-staging-rst.0a1b2c3d", "r-11", "r-11.ekm-staging-rst.0a1b2c3d"])
      mkdirSync(join(root, name));
    expect(restoreRoots(root, "r-1")()).toEqual([join(root, "r-1"), join(root, "r-1.ekm-staging-rst.0a1b2c3d")]);
    expect(restoreRoots(join(root, "absent"), "r-1")()).toEqual([]);
  });
});
