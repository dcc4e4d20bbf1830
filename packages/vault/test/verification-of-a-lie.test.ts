import { createHash } from "node:crypto";
import { ALWAYS_OPEN, seal } from "@ekm/crypto-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keyName, objectContext } from "../src/format/names.js";
import { contentDigest } from "../src/manifest/content-digest.js";
import { encodeManifest } from "../src/manifest/encode-manifest.js";
import type { ManifestEntry } from "../src/manifest/manifest.js";
import { runVerification } from "../src/verify/run-verification.js";
import { asVersion1, bytesOf, createControl, createWorld, digestOf, type TestWorld } from "../testing/index.js";

// Invariant: an object that is stored exactly as its manifest states, and opens, is still damage when its files are not the
// ones that the manifest lists: what a fault at the time of the backup looks like.

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Seals `sealed` as object 0, and a manifest that says its one file is `stated`. */
async function backUp(sealed: string, stated: string, version1Digest?: (honest: string) => string) {
  const access = await world.keys.forSealing("acc_1");
  if (!access.ok) throw new Error(access.error);
  const put = (name: string, body: AsyncIterable<Uint8Array>) =>
    world.store.put(
      name,
      seal(body, {
        accountKey: access.value.key,
        keyName: keyName("acc_1", 1),
        context: objectContext({ accountId: "acc_1", backupId: "bkp_1" }, name, 1),
        frameLength: 65_536,
        gate: ALWAYS_OPEN,
      }),
    );
  const object = await put("acc_1/bkp_1/1/000000", bytesOf(sealed));
  const size = Buffer.byteLength(stated);
  const file = { type: "file", path: "a", mode: 0o644, mtimeMs: 0, size, sha256: sha256(stated), object: 0, offset: 0 } as const;
  const entries: ManifestEntry[] = [file];
  const objectName = "acc_1/bkp_1/1/manifest";
  const manifest = encodeManifest({
    header: {
      ...{ accountId: "acc_1", backupId: "bkp_1", attempt: "1", generation: 1, kind: "DIRECTORY" },
      root: { mode: 0o755, mtimeMs: 0 },
    },
    objects: [{ number: 0, bytes: size, sealedBytes: object.bytes }],
    entries,
    contentDigest: contentDigest(entries),
  });
  const honest = await digestOf(await world.store.get("acc_1/bkp_1/1/000000"));
  await put(objectName, version1Digest === undefined ? manifest : asVersion1(manifest, version1Digest(honest)));
  const digest = await digestOf(await world.store.get(objectName));
  return { objectName, digest, version: version1Digest === undefined ? 2 : 1 };
}

it.each([
  ["what was read", "content", "content", "done"],
  ["nothing, which it is", "", "", "done"],
  ["other content of the same size", "content", "CONTENT", "fault"],
  ["more than there is", "content", "content and more", "fault"],
  ["less than there is", "content and more", "content", "fault"],
  ["nothing, where there is something", "content", "", "fault"],
])("a manifest that states %s", async (_, sealed, stated, kind) => {
  const manifest = await backUp(sealed, stated);
  const request = { accountId: "acc_1", backupId: "bkp_1", generation: 1, manifest, samplePercent: 100, seed: "s" };
  const outcome = await runVerification(world.ports, request, createControl());
  expect(outcome.kind).toBe(kind);
  if (kind === "fault") expect(JSON.stringify(outcome)).toContain("1 of 1 objects are damaged");
});

it.each([
  ["the object that it stated", (honest: string) => honest, "done"],
  ["an object of another digest", () => "0".repeat(64), "fault"],
])("a manifest of version 1 and %s", async (_, version1Digest, kind) => {
  const manifest = await backUp("content", "content", version1Digest);
  const request = { accountId: "acc_1", backupId: "bkp_1", generation: 1, manifest, samplePercent: 100, seed: "s" };
  expect((await runVerification(world.ports, request, createControl())).kind).toBe(kind);
});
