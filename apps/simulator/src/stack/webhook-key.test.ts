import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWebhookKey } from "./webhook-key.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ekm-webhook-key-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it("makes 32 bytes for the owner alone, and keeps them", async () => {
  const file = await openWebhookKey(join(directory, "webhooks"));
  const key = await readFile(file);
  expect(key).toHaveLength(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await openWebhookKey(join(directory, "webhooks"))).toBe(file);
  expect(await readFile(file)).toEqual(key);
});
