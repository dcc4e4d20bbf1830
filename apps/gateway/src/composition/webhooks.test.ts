import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeWebhooks } from "./webhooks.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "ekm-webhook-key-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const compose = async (bytes: Buffer) => {
  const keyFile = path.join(directory, `key-${bytes.length}`);
  await writeFile(keyFile, bytes);
  return composeWebhooks({ webhooks: { keyFile, allowInsecure: false } });
};

describe("the key of webhooks' secrets", () => {
  it("seals and opens, the same in every process that has it", async () => {
    const key = randomBytes(32);
    const [one, two] = [await compose(key), await compose(key)];
    const sealed = one.webhooks?.sealer.seal(Buffer.from("secret"), "whk_1") ?? "";
    expect(two.webhooks?.sealer.open(sealed, "whk_1")).toEqual(Buffer.from("secret"));
    expect(one.webhooks?.allowInsecure).toBe(false);
  });

  it("may be absent: there are no webhooks then", async () => {
    expect(await composeWebhooks({ webhooks: { keyFile: undefined, allowInsecure: true } })).toEqual({});
  });

  it("keeps the gateway from starting when it is none, and is not repeated", async () => {
    await expect(compose(Buffer.from("too short"))).rejects.toThrow(/^EKM_WEBHOOK_KEY_FILE: .* must hold exactly 32 bytes$/);
    await expect(compose(randomBytes(33))).rejects.toThrow("must hold exactly 32 bytes");
    const keyFile = path.join(directory, "nowhere");
    await expect(composeWebhooks({ webhooks: { keyFile, allowInsecure: false } })).rejects.toThrow("ENOENT");
  });
});
