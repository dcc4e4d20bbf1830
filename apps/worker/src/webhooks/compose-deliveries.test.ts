import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMemoryPorts } from "@ekm/ekm/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EnvironmentError } from "../environment.js";
import { composeDeliveries } from "./compose-deliveries.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "ekm-webhook-key-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const compose = (keyFile: string | undefined) =>
  composeDeliveries(
    { EKM_WEBHOOK_ALLOW_INSECURE: "false", EKM_WEBHOOK_TIMEOUT_SECONDS: 15, ...(keyFile && { EKM_WEBHOOK_KEY_FILE: keyFile }) },
    createMemoryPorts(),
  );

describe("what the delivery loop works with", () => {
  it("is nothing where no key is named", async () => {
    expect(await compose(undefined)).toBeNull();
  });

  it("keeps the worker from starting when the key is none, without a word of what is in the file", async () => {
    const file = path.join(directory, "key");
    await writeFile(file, "not a key at all");
    const refusal = compose(file);
    await expect(refusal).rejects.toThrow(EnvironmentError);
    await expect(refusal).rejects.not.toThrow("not a key at all");
    await expect(compose(path.join(directory, "nowhere"))).rejects.toThrow("EKM_WEBHOOK_KEY_FILE");
  });

  it("claims nothing where nothing waits", async () => {
    const file = path.join(directory, "good");
    await writeFile(file, Buffer.alloc(32, 1));
    const work = await compose(file);
    expect(await work?.claim({ underWay: [], leaseMs: 1000 })).toEqual([]);
  });
});
