import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it, vi } from "vitest";
import { ControlError, createAwsClient, createSimulatorClient, type SimulatorEvent, startMockAws } from "../src/index.js";
import { eventsSince, failureOf, onEnd, parties, sdk, sharedPolicy, start } from "./harness.js";

describe("over HTTP, through the typed client", () => {
  it("accounts: created with credentials that work, listed, one more principal in the same account", async () => {
    const aws = await start();
    const simulator = createSimulatorClient(aws.url);
    const made = await simulator.accounts.create({ name: "customer" });
    expect(made).toMatchObject({ name: "customer", status: "ACTIVE", principalArn: `arn:aws:iam::${made.id}:user/admin` });
    expect(made.id).toMatch(/^\d{12}$/);
    const again = await simulator.accounts.create({ id: made.id, name: "customer" });
    expect(again.accessKeyId).toBe(made.accessKeyId);
    const role = await simulator.accounts.create({ id: made.id, name: "customer", principal: "role/backup" });
    expect(role.principalArn).toBe(`arn:aws:iam::${made.id}:role/backup`);
    expect(role.accessKeyId).not.toBe(made.accessKeyId);
    const listed = await simulator.accounts.list();
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ accessKeyId: made.accessKeyId, secretAccessKey: made.secretAccessKey });
    expect(listed[0]?.principals).toHaveLength(2);
    await sdk(aws, role).send(new CreateKeyCommand({}));
    expect(await simulator.health()).toMatchObject({ status: "ok", accounts: 1, keys: 1 });
  });

  it("keys: by ARN or by id, with state, policy and owner; a deleted key is gone for good", async () => {
    const { aws, owner, ownerKms } = await parties();
    const simulator = createSimulatorClient(aws.url);
    const { KeyMetadata } = await ownerKms.send(
      new CreateKeyCommand({ Description: "d", Tags: [{ TagKey: "a", TagValue: "b" }] }),
    );
    const arn = String(KeyMetadata?.Arn);
    expect(await simulator.keys.list()).toMatchObject([
      { arn, accountId: owner.id, region: "us-east-1", state: "Enabled", description: "d", tags: [{ key: "a", value: "b" }] },
    ]);
    expect(await simulator.keys.setState(arn, { state: "Unavailable" })).toMatchObject({ arn, state: "Unavailable" });
    const pending = await simulator.keys.setState(String(KeyMetadata?.KeyId), { state: "PendingDeletion" });
    expect(Date.parse(String(pending.deletionDate))).toBeGreaterThan(Date.now());
    expect((await simulator.keys.setState(arn, { state: "Enabled" })).deletionDate).toBeNull();
    await simulator.keys.setState(arn, { state: "Deleted" });
    expect(await simulator.keys.list()).toEqual([]);
    await expect(simulator.keys.setState(arn, { state: "Enabled" })).rejects.toMatchObject({ status: 409 });
    await expect(simulator.keys.setState("unknown", { state: "Enabled" })).rejects.toBeInstanceOf(ControlError);
  });

  it("chaos rules in LocalStack's shape: POST replaces, PATCH adds, DELETE removes", async () => {
    const { faults, effects } = createSimulatorClient((await start()).url);
    const [a, b] = [{ service: "kms" }, { service: "kms", error: { statusCode: 400, code: "X" } }];
    expect(await faults.replace([a])).toEqual([a]);
    expect(await faults.add([b])).toEqual([a, b]);
    expect(await faults.remove([a])).toEqual([b]);
    expect(await faults.list()).toEqual([b]);
    expect(await faults.clear()).toEqual([]);
    expect(await effects.set({ latency: 5 })).toEqual({ latency: 5 });
    expect(await effects.get()).toEqual({ latency: 5 });
  });

  it("clock: moves on by so much, to an offset or to a moment, and never back", async () => {
    const { clock } = createSimulatorClient((await start()).url);
    expect((await clock.set({ advanceMs: 1000 })).offsetMs).toBe(1000);
    expect((await clock.set({ advanceMs: 1000 })).offsetMs).toBe(2000);
    expect((await clock.set({ offsetMs: 5000 })).offsetMs).toBe(5000);
    await expect(clock.set({ offsetMs: 1 })).rejects.toMatchObject({ status: 409 });
    const inTenDays = new Date(Date.now() + 864_000_000).toISOString();
    await clock.set({ now: inTenDays });
    expect(Math.abs(Date.parse((await clock.get()).now) - Date.parse(inTenDays))).toBeLessThan(5000);
  });

  it("reset: nothing is left, and new keys do not take the ids of old ones", async () => {
    const { aws, ownerKms, owner } = await parties({ seed: "s" });
    const before = (await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId;
    await aws.simulator.faults.add([{ operation: "Nothing" }]);
    await aws.simulator.clock.set({ advanceMs: 5000 });
    await createSimulatorClient(aws.url).reset();
    expect(await aws.simulator.health()).toMatchObject({ accounts: 0, keys: 0 });
    expect(await aws.simulator.faults.list()).toEqual([]);
    expect((await aws.simulator.clock.get()).offsetMs).toBe(0);
    expect((await failureOf(ownerKms.send(new CreateKeyCommand({})))).name).toBe("UnrecognizedClientException");
    const anew = sdk(aws, await aws.simulator.accounts.create({ id: owner.id, name: "customer" }));
    expect((await anew.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId).not.toBe(before);
  });
});

describe("events", () => {
  it("tell every call and every change, with who, which key, what came of it and when it took effect", async () => {
    const { aws, owner, vendor, ownerKms, vendorKms } = await parties();
    const Policy = sharedPolicy(owner, vendor);
    const KeyId = String((await ownerKms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);
    const EncryptionContext = { tenant: "acme" };
    await vendorKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext }));
    const control = createAwsClient({ endpoint: aws.url, ...owner, region: "us-east-1" });
    const disabled = await control.kms("DisableKey", { KeyId });
    await failureOf(vendorKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x"), EncryptionContext })));
    const events = await eventsSince(aws);
    expect(events.slice(-4)).toMatchObject([
      {
        kind: "call",
        operation: "Encrypt",
        outcome: "ok",
        callerAccountId: vendor.id,
        keyArn: KeyId,
        encryptionContext: EncryptionContext,
      },
      { kind: "change", subject: "key", id: KeyId, change: "DisableKey", state: "Disabled", effectiveAt: disabled.effectiveAt },
      { kind: "call", operation: "DisableKey", outcome: "ok" },
      { kind: "call", operation: "Encrypt", outcome: "DisabledException", status: 400, ownerAccountId: owner.id },
    ]);
    expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length);
  });

  it("stream over HTTP; `since` replays without a gap and without doubles", async () => {
    const { aws, ownerKms } = await parties();
    const simulator = createSimulatorClient(aws.url);
    const seen: SimulatorEvent[] = [];
    const stop = await simulator.subscribe((event) => seen.push(event), { since: 0 });
    onEnd(stop);
    for (let i = 0; i < 5; i++) await ownerKms.send(new CreateKeyCommand({}));
    await vi.waitFor(() => expect(seen.filter(({ kind }) => kind === "call")).toHaveLength(5));
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
    const later: SimulatorEvent[] = [];
    onEnd(await simulator.subscribe((event) => later.push(event), { since: 8 }));
    await vi.waitFor(() => expect(later.map(({ seq }) => seq)).toEqual([9, 10, 11, 12]));
  });

  it("the listener hears that the simulator went away", async () => {
    const aws = await startMockAws();
    let ended = false;
    await createSimulatorClient(aws.url).subscribe(() => {}, { onEnd: () => (ended = true) });
    await aws.close();
    await vi.waitFor(() => expect(ended).toBe(true));
  });

  it("keep a bounded number", async () => {
    const aws = await start();
    for (let i = 0; i < 25_000; i++) await aws.simulator.effects.set({});
    const kept = await eventsSince(aws);
    expect(kept).toHaveLength(10_000);
    expect(kept.at(-1)?.seq).toBe(25_000);
  });
});

describe("the state file", () => {
  async function directory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "mock-aws-"));
    onEnd(() => rm(path, { recursive: true }));
    return path;
  }

  it("brings accounts, keys, policies, states and the clock back; ciphertexts stay readable", async () => {
    const stateFile = join(await directory(), "state.json");
    const { aws, owner, vendor, ownerKms } = await parties({ stateFile, seed: 1 });
    const KeyId = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    const other = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    const gone = String((await ownerKms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    await ownerKms.send(new PutKeyPolicyCommand({ KeyId, Policy: sharedPolicy(owner, vendor) }));
    const EncryptionContext = { tenant: "acme" };
    const { CiphertextBlob } = await ownerKms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from("kept"), EncryptionContext }),
    );
    await ownerKms.send(new DisableKeyCommand({ KeyId: other }));
    await aws.simulator.keys.setState(gone, { state: "Deleted" });
    await aws.simulator.keys.setState(KeyId, { state: "Disabled", visibleAfterMs: 3_600_000 });
    await aws.simulator.clock.set({ advanceMs: 1_000_000 });
    await aws.close();

    const again = await start({ stateFile, seed: 1 });
    const vendorKms = sdk(again, vendor);
    const opened = await vendorKms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("kept");
    expect((await again.simulator.clock.get()).offsetMs).toBe(1_000_000);
    const states = (await again.simulator.keys.list()).map(({ arn, state, visibleState }) => ({ arn, state, visibleState }));
    expect(states).toEqual([
      { arn: KeyId, state: "Disabled", visibleState: "Enabled" },
      { arn: other, state: "Disabled", visibleState: "Disabled" },
    ]);
    const fresh = await sdk(again, owner).send(new CreateKeyCommand({}));
    expect([KeyId, other, gone]).not.toContain(fresh.KeyMetadata?.Arn);
    const missing = await failureOf(sdk(again, owner).send(new DescribeKeyCommand({ KeyId: gone })));
    expect(missing.name).toBe("NotFoundException");
  });

  it("is written on every change without waiting for the end, whole, and for its owner's eyes", async () => {
    const path = await directory();
    const stateFile = join(path, "state.json");
    const { aws } = await parties({ stateFile });
    await vi.waitFor(async () => {
      const saved = JSON.parse(await readFile(stateFile, "utf8")) as { accounts: unknown[] };
      expect(saved.accounts).toHaveLength(2);
    });
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    await aws.close();
    expect(await readdir(path)).toEqual(["state.json"]);
  });

  it("that is damaged, of another version or not writable is refused at the start", async () => {
    const path = await directory();
    const stateFile = join(path, "state.json");
    await writeFile(stateFile, "{");
    await expect(startMockAws({ stateFile })).rejects.toThrow();
    await writeFile(stateFile, '{"version":9}');
    await expect(startMockAws({ stateFile })).rejects.toThrow("version 9");
    await expect(startMockAws({ stateFile: join(path, "missing", "state.json") })).rejects.toThrow("ENOENT");
  });
});

describe("views of things that the simulator knows nothing of", () => {
  it("are read at their path, and only read", async () => {
    let looks = 0;
    const aws = await startMockAws({ views: { "/_simulator/product": async () => ({ looks: ++looks }) } });
    const at = (path: string, method = "GET") => fetch(new URL(path, aws.url), { method });
    expect(await (await at("/_simulator/product")).json()).toEqual({ looks: 1 });
    expect((await at("/_simulator/product", "POST")).status).toBe(405);
    expect((await at("/_simulator/product/more")).status).toBe(404);
    expect((await at("/_simulator/health")).status).toBe(200);
    expect(looks).toBe(1);
    await aws.close();
  });
});

describe("pages of somebody else's", () => {
  it("are asked first for everything but AWS's calls, and leave the rest as it is", async () => {
    const asked: string[] = [];
    const aws = await startMockAws({
      pages: async (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        if (request.url !== "/") return false;
        response.end("a page");
        return true;
      },
    });
    const at = (path: string, method = "GET") => fetch(new URL(path, aws.url), { method });
    expect(await (await at("/")).text()).toBe("a page");
    expect(await (await at("/_simulator/health")).json()).toMatchObject({ status: "ok" });
    expect((await at("/_simulator/reset", "POST")).status).toBe(200);
    expect((await at("/", "POST")).headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(asked).toEqual(["GET /", "GET /_simulator/health", "POST /_simulator/reset"]);
    await aws.close();
  });
});
