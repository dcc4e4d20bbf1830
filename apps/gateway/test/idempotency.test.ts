// Invariant: a request that carries an idempotency key has one effect, however often it is sent, at once or again, and whether or
// not anybody was there to hear the answer.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const AT_ONCE = 100;

let stack: Stack;
let tenants: ReturnType<typeof tenantsOf>;
const sockets: Socket[] = [];
beforeAll(async () => {
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000" });
  tenants = tenantsOf(stack);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await stack.close();
});

interface Payload {
  readonly userErrors: readonly { code: string; retryable: boolean }[];
}
interface Request {
  readonly token: string;
  readonly query: string;
  readonly variables: object;
}

const tokenOf = (role: string, account?: string) =>
  stack.issuer.token({ subject: "ada", roles: [role], ...(account === undefined ? {} : { account }) });
const send = async ({ query, ...rest }: Request): Promise<Payload> => (await stack.ask(query, rest)).data.it;

/** Each is either the one result or the advice to ask again; who asks again gets the result. */
async function sendAtOnce(request: Request): Promise<Payload> {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(request)));
  let final = await send(request);
  await expect
    .poll(
      async () => {
        final = await send(request);
        return final.userErrors;
      },
      { timeout: 20_000 },
    )
    .toEqual([]);
  for (const answer of answers) {
    if (answer.userErrors.length === 0) expect(answer).toEqual(final);
    else expect(answer.userErrors.map(({ code, retryable }) => [code, retryable])).toEqual([["REQUEST_IN_PROGRESS", true]]);
  }
  return final;
}

/** Sends it and never reads the answer. */
async function sendAndTurnAway({ token, query, variables }: Request): Promise<Socket> {
  const { hostname, port } = new URL(stack.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  await once(socket, "connect");
  const body = JSON.stringify({ query, variables });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return socket;
}

const ERRORS = "userErrors { code retryable }";

describe("createAccount", () => {
  const request = async (name: string): Promise<Request> => ({
    token: await tokenOf("SUPPORT"),
    query: `mutation ($name: String!) { it: createAccount(input: { name: $name, idempotencyKey: "create" }) { account { id name } ${ERRORS} } }`,
    variables: { name },
  });
  const count = async (search: string) =>
    (
      await stack.as("SUPPORT", undefined, "query ($search: String) { accounts(filter: { search: $search }) { totalCount } }", {
        search,
      })
    ).data.accounts.totalCount;

  it("sent a hundred times at once creates one account", async () => {
    await sendAtOnce(await request("Hundred"));
    expect(await count("Hundred")).toBe("1");
  });

  it("with another body under the same key is refused", async () => {
    expect((await send(await request("Other"))).userErrors).toEqual([{ code: "IDEMPOTENCY_KEY_REUSED", retryable: false }]);
    expect(await count("Other")).toBe("0");
  });
});

describe("startBackup", () => {
  const prepare = async (name: string) => {
    const account = await tenants.created(name);
    const request: Request = {
      token: await tokenOf("BACKUP_OPERATOR", account),
      query: `mutation ($source: ID!) { it: startBackup(input: { sourceId: $source, idempotencyKey: "backup" }) { backup { id } ${ERRORS} } }`,
      variables: { source: await tenants.source(account) },
    };
    const backups = async () =>
      (await stack.as("ACCOUNT_ADMIN", account, "{ account { backups { nodes { id } } } }")).data.account.backups.nodes;
    return { request, backups };
  };

  it("sent a hundred times at once starts one backup", async () => {
    const { request, backups } = await prepare("Backup");
    const { backup } = (await sendAtOnce(request)) as Payload & { backup: object };
    expect(await backups()).toEqual([backup]);
  });

  it("whose answer was lost is answered again, and has one effect", async () => {
    const { request, backups } = await prepare("Lost");
    const socket = await sendAndTurnAway(request);
    await expect.poll(async () => (await backups()).length).toBe(1);
    socket.destroy();
    const [backup] = await backups();
    expect(await send(request)).toEqual({ backup, userErrors: [] });
    expect(await backups()).toEqual([backup]);
  });
});

describe("enableEkm", { timeout: 40_000 }, () => {
  const prepare = async (name: string) => {
    const account = await tenants.activated(name);
    const key = await tenants.grantedKey(account);
    const { terms } = (await stack.as("ACCOUNT_ADMIN", account, "{ account { ekm { terms { version } } } }")).data.account.ekm;
    const request: Request = {
      token: await tokenOf("ACCOUNT_ADMIN", account),
      query: `mutation ($key: String!, $terms: String!) {
        it: enableEkm(input: { keyArn: $key, acceptedTermsVersion: $terms, confirmIrreversible: true, idempotencyKey: "enable" }) {
          account { id ekm { status key { arn enabledAt } } } checks { check verdict } ${ERRORS}
        }
      }`,
      variables: { key, terms: terms.version },
    };
    const actions = async (): Promise<string[]> =>
      (
        await stack.as("ACCOUNT_ADMIN", account, "{ account { auditLog(first: 100) { nodes { action } } } }")
      ).data.account.auditLog.nodes.map(({ action }: { action: string }) => action);
    const done = async (action: string) => (await actions()).filter((one) => one === action).length;
    return { request, done, key };
  };

  it("sent a hundred times at once enables once, and asks KMS for one of them only", async () => {
    const { request, done, key } = await prepare("Enable");
    const final = await sendAtOnce(request);
    expect(final).toMatchObject({ account: { ekm: { status: "ENABLED", key: { arn: key } } } });
    expect([await done("EKM_ENABLED"), await done("KEY_VALIDATED"), await done("TERMS_ACCEPTED")]).toEqual([1, 1, 1]);
  });

  it("whose answer was lost is answered again, with its verdicts", async () => {
    const { request, done } = await prepare("EnableLost");
    const socket = await sendAndTurnAway(request);
    await expect.poll(() => done("EKM_ENABLED"), { timeout: 20_000 }).toBe(1);
    socket.destroy();
    const answer = (await send(request)) as Payload & { account: object; checks: object[] };
    expect(answer).toMatchObject({ account: { ekm: { status: "ENABLED" } }, userErrors: [] });
    expect(answer.checks).toHaveLength(13);
    expect([await done("EKM_ENABLED"), await done("KEY_VALIDATED")]).toEqual([1, 1]);
  });
});
