// Invariant: a worker's checkpoints lie beside the sealed objects as files that are never replaced, and its loop goes on whatever a round
// comes to.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CheckpointRound, takeCheckpoints } from "@ekm/ekm";
import { createFakeClock, createMemoryPorts } from "@ekm/ekm/testing";
import { createFileObjectStore, StorageError } from "@ekm/vault";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkpointArchive } from "../src/composition/checkpoint-archive.js";
import { checkpointLoop } from "../src/loops/checkpoint-loop.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "ekm-checkpoints-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("the archive", () => {
  it("adds a document once, knows its own again, and never replaces another", async () => {
    const archive = checkpointArchive(createFileObjectStore(directory));
    expect(await archive.add("audit-checkpoints/acc_1/1.jws", "a.b.c")).toBe("added");
    expect(await archive.add("audit-checkpoints/acc_1/1.jws", "a.b.c")).toBe("present");
    expect(await archive.add("audit-checkpoints/acc_1/1.jws", "a.b.d")).toBe("other");
    expect(await archive.add("audit-checkpoints/acc_1/1.jws", "a.b")).toBe("other");
    expect(await readFile(path.join(directory, "audit-checkpoints", "acc_1", "1.jws"), "utf8")).toBe("a.b.c");
  });

  it("fails as its store does", async () => {
    const full = new StorageError("STORAGE_FULL", "full");
    const archive = checkpointArchive({ put: () => Promise.reject(full), get: async () => null });
    await expect(archive.add("audit-checkpoints/acc_1/1.jws", "a")).rejects.toBe(full);
  });

  it("takes a round of a real object store", async () => {
    const ports = createMemoryPorts();
    const entry = { actor: "ada", action: "BACKUP", outcome: "DONE", detail: "x", awsRequestIds: [] } as const;
    await ports.store.transaction((tx) => tx.audit.append("acc_1", ports.clock.now(), entry));
    const archive = checkpointArchive(createFileObjectStore(directory));
    await takeCheckpoints({ ...ports, archive }, { everyMs: 1000, entries: 10 })();
    const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".jws"));
    expect(files.sort()).toEqual(["audit-checkpoints/acc_1/000000000001.jws", "audit-checkpoints/rounds/000000000001.jws"]);
  });
});

describe("the loop", () => {
  it("goes on after a failure, at once where more is waiting, and tells of a changed chain once", async () => {
    const lines: { level: number; msg: string; accountId?: string }[] = [];
    const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const shutdown = new AbortController();
    const clock = createFakeClock();
    const quiet: CheckpointRound = { round: null, checkpoints: 0, more: false, broken: [], taken: [] };
    const broken = [{ accountId: "acc_1", sequence: 7 }];
    const rounds: (() => Promise<CheckpointRound>)[] = [
      () => Promise.reject(new Error("no database")),
      async () => ({ ...quiet, round: 1, checkpoints: 500, more: true, broken }),
      async () => ({ ...quiet, round: 2, checkpoints: 3, broken, taken: ["audit-checkpoints/rounds/1.jws"] }),
    ];
    let calls = 0;
    const take = () => {
      calls += 1;
      return rounds[calls - 1]?.() ?? Promise.resolve(quiet);
    };
    const loop = checkpointLoop({ clock, log, shutdown: shutdown.signal }, take, 10_000);
    await expect.poll(() => calls).toBe(1);
    await clock.advance(10_000);
    await expect.poll(() => calls).toBe(3);
    await clock.advance(10_000);
    await expect.poll(() => calls).toBe(4);
    shutdown.abort();
    await clock.advance(10_000);
    await loop;
    const said = (part: string) => lines.filter(({ msg }) => msg.includes(part));
    expect(said("cannot be made now")).toHaveLength(1);
    expect(said("is not as it was written")).toMatchObject([{ level: 50, accountId: "acc_1" }]);
    expect(said("history went two ways")).toMatchObject([{ level: 50 }]);
    expect(said("signed and exported")).toHaveLength(2);
  });
});
