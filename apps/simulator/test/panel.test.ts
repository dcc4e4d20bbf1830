// What stands between the panel, which changes things, and other web pages; and that every switch does what it says.

import { mkdtemp, rm } from "node:fs/promises";
import { request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MockAws, startMockAws } from "@ekm/mock-aws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogLine } from "../src/panel/calls/call-log.js";
import { createPanel, type Panel, pagesToCome } from "../src/panel/panel.js";
import type { WorldView } from "../src/panel/world/world.js";

let directory = "";
let aws: MockAws;
let panel: Panel;
let keyArn = "";
let ownerId = "";
/** A caller that is let in by the key's policy. */
let use: () => Promise<string>;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ekm-panel-"));
  const toCome = pagesToCome();
  aws = await startMockAws({ pages: toCome.pages });
  const vendor = await aws.openAccount("vendor", { principal: "role/ekm-service" });
  const owner = await aws.openAccount("customer");
  ownerId = owner.id;
  keyArn = await owner.createKey({ sharedWith: [vendor] });
  use = async () => {
    const { status, body } = await vendor.kms("Encrypt", { KeyId: keyArn, Plaintext: "AAAA" });
    return status === 200 ? "ok" : String(body["__type"]);
  };
  panel = await createPanel({ aws, experiments: { directory, inherited: {} } });
  toCome.open(panel);
});
afterEach(async () => {
  await panel.close();
  await aws.close();
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** As bytes on the wire: `fetch` sets its own Host. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(path, aws.url), { method, headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (more: string) => {
        text += more;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
const JSON_TYPE = { "content-type": "application/json" };
async function act(body: object): Promise<string> {
  const { status, text } = await ask("POST", "/_panel/act", JSON_TYPE, JSON.stringify(body));
  const answer = JSON.parse(text) as { said?: string; message?: string };
  return status === 200 ? (answer.said ?? "") : `${status} ${answer.message}`;
}

/** The first events of a page that connects. */
async function connect(): Promise<{ world: WorldView; calls: LogLine[] }> {
  const stop = new AbortController();
  const response = await fetch(new URL("/_panel/stream", aws.url), { signal: stop.signal });
  let text = "";
  for await (const more of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(more);
    if (text.includes("event: run\n") && text.endsWith("\n\n")) break;
  }
  stop.abort();
  const of = (name: string): never => JSON.parse(new RegExp(`event: ${name}\\ndata: (.*)\\n`).exec(text)?.[1] ?? "null") as never;
  return { world: of("world"), calls: of("calls") };
}

describe("another web page", () => {
  const disable = () => JSON.stringify({ act: "disable-key", arn: keyArn });
  const own = () => ({ host: new URL(aws.url).host, origin: aws.url });

  it.each([
    ["of another site", { origin: "https://evil.example" }],
    ["on another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["in a frame without an origin", { origin: "null" }],
    ["whose name was made to point here", { host: "evil.example:80", origin: "http://evil.example:80" }],
    ["whose name was made to point here, without an Origin", { host: "evil.example:80" }],
    ["that the browser calls another site", { "sec-fetch-site": "cross-site" }],
    ["with a form", { "content-type": "text/plain" }],
  ])("%s changes nothing", async (_, headers) => {
    const answer = await ask("POST", "/_panel/act", { ...JSON_TYPE, ...headers }, disable());
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(await use()).toBe("ok");
    expect((await ask("POST", "/_panel/run", { ...JSON_TYPE, ...headers }, '{"name":"happy-path"}')).status).toBe(403);
  });

  it("reads nothing either where its name was made to point here", async () => {
    for (const path of ["/", "/_panel/stream", "/_panel/experiments"])
      expect((await ask("GET", path, { host: "evil.example:80" })).status).toBe(403);
    expect((await ask("GET", "/_panel/stream", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" })).status).toBe(403);
  });

  it("of the panel itself does", async () => {
    const answer = await ask("POST", "/_panel/act", { ...JSON_TYPE, ...own(), "sec-fetch-site": "same-origin" }, disable());
    expect(answer.status).toBe(200);
    expect(await use()).toBe("DisabledException");
  });
});

describe("what is served", () => {
  it("allows no script or style but its own, and is never stored", async () => {
    const page = await ask("GET", "/");
    expect(page.status).toBe(200);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
    expect(page.text).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
    for (const [, path] of page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await ask("GET", path ?? "")).status, path).toBe(200);
  });

  it("is a list of files: no path leads out of it, and other paths are the simulator's", async () => {
    for (const path of [
      "/_panel/assets/..%2fpackage.json",
      "/_panel/assets/",
      "/_panel/assets/../../package.json",
      "/_panel/report/report.html",
    ])
      expect((await ask("GET", path)).status, path).toBe(404);
    expect((await ask("GET", "/_simulator/health")).status).toBe(200);
    expect((await ask("GET", "/_panel/act")).status).toBe(405);
    expect((await ask("POST", "/_panel/stream", JSON_TYPE, "{}")).status).toBe(405);
  });

  it("shows accounts and keys without credentials", async () => {
    const { world } = await connect();
    expect(world.accounts.find(({ id }) => id === ownerId)).toMatchObject({
      name: "customer",
      troubles: [],
      keys: [{ arn: keyArn, state: "Enabled" }],
    });
    const secrets = (await aws.simulator.accounts.list()).flatMap(({ secretAccessKey, accessKeyId }) => [
      secretAccessKey,
      accessKeyId,
    ]);
    for (const secret of secrets) expect(JSON.stringify(world)).not.toContain(secret);
  });
});

describe("each switch", () => {
  it.each([
    ["disable-key", {}, "enable-key", "DisabledException", "the key is Disabled", "key disabled"],
    [
      "set-fault",
      { fault: "throttled", on: true },
      "set-fault",
      "ThrottlingException",
      "rule: every call on this key answers ThrottlingException",
      "throttled",
    ],
  ])("%s is seen by callers, said in the log with its cause, and undone", async (name, more, undo, outcome, cause, trouble) => {
    expect(await use()).toBe("ok");
    expect(await act({ act: name, arn: keyArn, ...more })).toMatch(/^The key of customer/);
    expect(await use()).toBe(outcome);
    const { world, calls } = await connect();
    expect(world.accounts.find(({ id }) => id === ownerId)?.troubles).toEqual([trouble]);
    const line = calls.findLast(({ what }) => what === "Encrypt");
    expect(line).toMatchObject({ caller: "vendor", account: "customer", outcome, isRefused: true });
    expect(line?.cause?.text).toContain(cause);
    await act({ act: undo, arn: keyArn, ...more, ...("on" in more ? { on: false } : {}) });
    expect(await use()).toBe("ok");
  });

  it("deletion: cancelled, the key is disabled as in AWS, and says so", async () => {
    expect(await act({ act: "schedule-deletion", arn: keyArn, days: 7 })).toContain("in 7 days");
    expect(await use()).toBe("KMSInvalidStateException");
    expect(await act({ act: "cancel-deletion", arn: keyArn })).toContain("disabled until somebody enables it");
    expect(await use()).toBe("DisabledException");
    expect(await act({ act: "schedule-deletion", arn: keyArn, days: 6 })).toMatch(/^409 days/);
  });

  it("suspension: the owner's hands are tied too, until the account is reinstated", async () => {
    await act({ act: "suspend-account", id: ownerId, profile: "invalid-state" });
    expect(await use()).toBe("KMSInvalidStateException");
    expect((await connect()).calls.findLast(({ what }) => what === "Encrypt")?.cause?.text).toContain(
      "owns the key is suspended",
    );
    expect(await act({ act: "disable-key", arn: keyArn })).toMatch(/^409 AWS refused DisableKey/);
    await act({ act: "reinstate-account", id: ownerId });
    expect(await use()).toBe("ok");
  });

  it("several at once: switching one off leaves the others on", async () => {
    for (const fault of ["unreachable", "throttled", "slow"])
      await act({ act: "set-fault", arn: keyArn, fault, on: true, ms: 20 });
    await expect(use()).rejects.toThrow();
    await act({ act: "set-fault", arn: keyArn, fault: "unreachable", on: false });
    expect(await use()).toBe("ThrottlingException");
    const { world } = await connect();
    expect(world.accounts.find(({ id }) => id === ownerId)?.keys[0]?.faults).toEqual({
      unreachable: false,
      throttled: true,
      slowMs: 20,
    });
    await act({ act: "set-fault", arn: keyArn, fault: "throttled", on: false });
    expect(await use()).toBe("ok");
    expect(await aws.simulator.faults.list()).toEqual([{ service: "kms", keyArn, latencyMs: 20 }]);
  });

  it("repair all undoes every one, and whatever else is in the way", async () => {
    await act({ act: "schedule-deletion", arn: keyArn, days: 7 });
    await act({ act: "suspend-account", id: ownerId });
    await act({ act: "set-fault", arn: keyArn, fault: "throttled", on: true });
    await aws.simulator.faults.add([
      { service: "kms", operation: "Encrypt", error: { statusCode: 500, code: "KMSInternalException" } },
    ]);
    await aws.simulator.effects.set({ latency: 5 });
    const { world } = await connect();
    expect(world.repairs).toEqual([
      "customer: AWS account suspended",
      "customer: key pending deletion",
      "customer: throttled",
      "fault rule: Encrypt answers KMSInternalException",
      "every call 5 ms late",
    ]);
    expect(await act({ act: "repair-all" })).toBe("Repaired: 5 things put right.");
    expect(await use()).toBe("ok");
    expect((await connect()).world.repairs).toEqual([]);
    expect(await act({ act: "repair-all" })).toBe("There was nothing to repair.");
  });

  it("refuses what it does not know, in words", async () => {
    expect(await act({ act: "delete-key", arn: keyArn })).toMatch(/^409 /);
    expect(await act({ act: "disable-key", arn: `${keyArn.slice(0, -1)}x` })).toBe("409 There is no such key.");
    expect(await act({ act: "disable-key", arn: "x" })).toBe("409 arn: must be the ARN of a key");
    expect((await ask("POST", "/_panel/act", JSON_TYPE, "{")).status).toBe(409);
    expect((await ask("POST", "/_panel/act", JSON_TYPE, `"${"x".repeat(70_000)}"`)).status).toBe(409);
    expect(await act({ act: "revoke-grant", arn: keyArn })).toContain("Without a product");
  });
});
