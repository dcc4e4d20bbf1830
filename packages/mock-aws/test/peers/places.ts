import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { startMockAws } from "../../src/index.js";
import { UPSTREAM } from "../harness.js";
import type { OpenPlace, Party } from "./probe.js";

const OWNER = "111122223333";
const STRANGER = "444455556666";

/** A mock AWS with two accounts. */
export async function ours(): Promise<OpenPlace> {
  const aws = await startMockAws(UPSTREAM === undefined ? {} : { upstream: UPSTREAM });
  const party = async (id: string, principal: string): Promise<Party> => {
    const { accessKeyId, secretAccessKey } = await aws.simulator.accounts.create({ id, name: id, principal });
    return { accountId: id, accessKeyId, secretAccessKey };
  };
  const [owner, stranger] = [await party(OWNER, "user/admin"), await party(STRANGER, "user/vendor")];
  return { url: aws.url, owner, stranger, close: () => aws.close() };
}

/** LocalStack takes an access key id of 12 digits for the account. */
export function localStack(url: string): OpenPlace {
  const party = (accountId: string): Party => ({ accountId, accessKeyId: accountId, secretAccessKey: "test" });
  return { url, owner: party(OWNER), stranger: party(STRANGER), close: async () => {} };
}

const bin = path.resolve(import.meta.dirname, "..", "..", "..", "..", ".tools", "moto", "venv", "bin", "moto_server");
/** Its server's program; undefined where it is not installed. */
export const MOTO: string | undefined = existsSync(bin) ? bin : undefined;

/** moto knows another account by the credentials that its AssumeRole handed out. */
export async function moto(program: string): Promise<OpenPlace> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  await answering(url, server);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const sts = new STSClient({ endpoint: url, region: "us-east-1", credentials });
  const party = async (accountId: string): Promise<Party> => {
    const RoleArn = `arn:aws:iam::${accountId}:role/party`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "party" }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return { accountId, accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  const close = async (): Promise<void> => {
    sts.destroy();
    const gone = once(server, "exit");
    server.kill("SIGTERM");
    await gone;
  };
  return { url, owner: await party(OWNER), stranger: await party(STRANGER), close };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) throw new Error(`moto ended with ${server.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`${url} does not answer`);
}
