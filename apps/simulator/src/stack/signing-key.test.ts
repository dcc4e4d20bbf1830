import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openSigningKey } from "./signing-key.js";

it("keeps one key over restarts, for its owner's eyes, and publishes its public half only", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ekm-signing-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const { privateKeyFile, publicKeysFile } = await openSigningKey(directory);
  const pem = await readFile(privateKeyFile, "utf8");
  expect((await stat(privateKeyFile)).mode & 0o777).toBe(0o600);
  const { x } = createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });
  expect(JSON.parse(await readFile(publicKeysFile, "utf8"))).toEqual({ keys: [{ kty: "OKP", crv: "Ed25519", x }] });
  await openSigningKey(directory);
  expect(await readFile(privateKeyFile, "utf8")).toBe(pem);
});
