// Invariant: the process says when it is ready, in one line; it stops when told to; and it does not start on bad settings.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSurroundings } from "./support/stack.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let surroundings: Awaited<ReturnType<typeof createSurroundings>>;
beforeAll(async () => {
  surroundings = await createSurroundings();
});
afterAll(async () => {
  await surroundings.aws.close();
});

function run(variables: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: variables, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    output.stdout += text;
  });
  child.stderr.on("data", (text) => {
    output.stderr += text;
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  const ready = async (): Promise<string> => {
    await expect.poll(() => output.stdout, { timeout: 45_000 }).toContain("\n");
    return (JSON.parse(output.stdout) as { url: string }).url;
  };
  return { child, output, exited, ready };
}

describe("the process", { timeout: 60_000 }, () => {
  it.each(["SIGTERM", "SIGINT"] as const)("prints one line when it is ready, serves, and ends well on %s", async (signal) => {
    const { child, output, exited, ready } = run(surroundings.variables);
    const url = await ready();
    expect(output.stdout).toBe(`{"event":"ready","url":"${url}"}\n`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const answer = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await surroundings.issuer.token()}` },
      body: '{"query":"{ viewer { subject } }"}',
    });
    expect(await answer.json()).toEqual({ data: { viewer: { subject: "ada" } } });

    child.kill(signal);
    expect(await exited).toBe(0);
    expect(output.stdout.split("\n")).toHaveLength(2);
    expect(output.stderr).not.toContain(surroundings.variables.AWS_SECRET_ACCESS_KEY);
  });

  it("says all that is wrong with its settings, and starts nothing", async () => {
    const { exited, output } = run({ EKM_PORT: "port", AWS_SECRET_ACCESS_KEY: "hunter2" });
    expect(await exited).toBe(2);
    expect(output.stdout).toBe("");
    for (const name of ["EKM_DATABASE", "EKM_JWT_ISSUER", "EKM_PORT", "EKM_VENDOR_AWS_ACCOUNT_ID"])
      expect(output.stderr).toContain(name);
    expect(output.stderr).not.toContain("hunter2");
  });

  it("ends with an error, and lets go of everything, when it cannot listen", async () => {
    const occupant = createServer();
    occupant.listen(0, "127.0.0.1");
    await once(occupant, "listening");
    const { port } = occupant.address() as AddressInfo;
    const { exited, output } = run({ ...surroundings.variables, EKM_PORT: String(port) });
    expect(await exited).toBe(1);
    expect(output.stdout).toBe("");
    expect(output.stderr).toContain("EADDRINUSE");
    occupant.close();
  });
});
