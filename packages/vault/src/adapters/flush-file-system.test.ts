import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { findFlushFileSystem } from "./flush-file-system.js";

it("says whether the file system was flushed", async () => {
  const flush = await findFlushFileSystem();
  expect(flush === null).toBe(process.platform !== "linux");
  expect(await flush?.(tmpdir())).not.toBe(false);
  expect(await flush?.("/no/such/directory")).not.toBe(true);
});

it("is null where there is no such program", async () => {
  expect(await findFlushFileSystem("/no/such/program")).toBeNull();
});
