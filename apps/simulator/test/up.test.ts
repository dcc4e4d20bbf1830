// What somebody who starts the stack for the first time relies on: every situation is there, and it is still there after a restart.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { createSession } from "../src/product/graphql.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const EXPECTED = {
  "Amber Textiles": [null, null, null, false],
  "Birch Logistics": ["ACTIVATED", null, null, false],
  "Cobalt Health": ["ENABLED", null, null, false],
  "Dune Robotics": ["ROTATING", "RUNNING", null, false],
  "Elm Insurance": ["ROTATING", "PAUSED", null, false],
  "Fjord Foods": ["ENABLED", null, "KMS_THROTTLED", false],
  "Granite Bank": ["ENABLED", null, "KEY_DISABLED", false],
  "Harbor Media": ["ENABLED", null, "KEY_PENDING_DELETION", false],
  "Iris Clinics": ["ENABLED", null, "KEY_ACCESS_DENIED", false],
  "Juniper Travel": ["ENABLED", null, "KEY_ACCESS_DENIED", false],
  "Kelp Energy": ["ENABLED", null, "KEYS_LOCKED", true],
};

interface Seen {
  readonly name: string;
  readonly keyLock: object | null;
  readonly ekm: {
    readonly status: string;
    readonly activeRotation: { readonly status: string } | null;
    readonly key: { readonly health: { readonly problem: { readonly code: string } | null } } | null;
  } | null;
}

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

interface Up {
  readonly gateway: string;
  readonly endpoint: string;
}

async function start(directory: string): Promise<Up> {
  child = spawn(process.execPath, [MAIN, "up", "--dir", directory, "--port", "0", "--aws-port", "0", "--lease", "2"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("no output");
  const lines = createInterface({ input: child.stdout });
  let gateway = "";
  let endpoint = "";
  for await (const line of lines) {
    gateway = / (http:\S+)\/graphql$/.exec(line)?.[1] ?? gateway;
    endpoint = /simulated AWS .* (http:\S+)$/.exec(line)?.[1] ?? endpoint;
    if (line.includes("Ctrl-C")) break;
  }
  return { gateway, endpoint };
}

async function stop(): Promise<void> {
  child?.kill("SIGINT");
  if (child) expect((await once(child, "exit"))[0]).toBe(0);
}

/** Against the product that is up, as somebody would who did not start it. */
function runAgainst({ gateway, endpoint }: Up, directory: string, ...args: string[]): Promise<string> {
  const target = ["--gateway", gateway, "--endpoint", endpoint, "--data-root", join(directory, "restores", "{account}")];
  const command = [MAIN, "run", ...args, ...target, "--out", join(directory, "reports")];
  return new Promise((resolve) => execFile(process.execPath, command, (_error, stdout) => resolve(stdout)));
}

async function situations(directory: string, { gateway: url }: Up): Promise<object> {
  const page = JSON.parse(await readFile(join(directory, "demo-page.json"), "utf8")) as {
    accounts: { id: string; tokens: Record<string, string> }[];
  };
  const seen = await Promise.all(
    page.accounts.map(async ({ id, tokens }) => {
      const session = createSession(url, tokens["ACCOUNT_ADMIN"] ?? "", () => AbortSignal.timeout(20_000));
      const answer = await session.request<{ account: Seen }>(
        "Situation",
        "query Situation($id: ID) { account(id: $id) { name keyLock { reason } ekm { status activeRotation { status } key { health { problem { code } } } } } }",
        { id },
      );
      if (!answer.ok) throw new Error(answer.error.message);
      const { name, ekm, keyLock } = answer.data.account;
      // While a rotation is on, its keys' troubles are the rotation's.
      const code = ekm?.status === "ENABLED" ? (ekm.key?.health.problem?.code ?? null) : null;
      return [name, [ekm?.status ?? null, ekm?.activeRotation?.status ?? null, code, keyLock !== null]] as const;
    }),
  );
  return Object.fromEntries(seen);
}

it("shows an account in every situation, also after a restart", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ekm-up-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const first = await start(directory);
  expect(await situations(directory, first)).toEqual(EXPECTED);
  const page = await fetch(new URL("/demo", first.gateway));
  expect(await page.text()).toContain("Juniper Travel");
  expect((await stat(join(directory, "demo-page.json"))).mode & 0o777).toBe(0o600);

  const key = ["--token-key", join(directory, "issuer", "issuer-key.json")];
  const ran = await runAgainst(first, directory, "key-disabled", "worker-sleeps-through-a-lock", ...key);
  expect(ran).toContain("1 as expected, 0 deviated, 0 harness failed, 1 skipped");
  expect(ran).toContain("needs a stack of its own");
  const tokens = ["--tokens", join(directory, "tokens.json")];
  expect(await runAgainst(first, directory, "key-disabled", ...tokens)).toContain("take --token-key");

  await stop();
  expect(await situations(directory, await start(directory))).toEqual(EXPECTED);
  await stop();
}, 120_000);
