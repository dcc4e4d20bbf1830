import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFileObjectStore } from "../src/adapters/file-store/file-object-store.js";
import { createMemoryObjectStore, describeObjectStore } from "../testing/index.js";

describeObjectStore("files", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "ekm-store-"));
  return { store: createFileObjectStore(root), close: () => rm(root, { recursive: true }) };
});
describeObjectStore("memory", async () => ({ store: createMemoryObjectStore(), close: async () => {} }));
