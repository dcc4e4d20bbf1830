// Invariant: what the client can do with the mock it can do with the product, from activation to a restore, and it hears all of it, also when the connection is cut.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import {
  type AccountEvent,
  AccountSettingsDocument,
  ActivateEkmDocument,
  CreateAccountDocument,
  createEkmClient,
  type EkmClient,
  EnableEkmDocument,
  errorCodes,
  type Failure,
  GrantTemplateDocument,
  isKnown,
  LegalTermsDocument,
  LockAccountKeysDocument,
  RegisterBackupSourceDocument,
  type Result,
  StartBackupDocument,
  UnlockAccountKeysDocument,
  ViewerDocument,
} from "../src/index.js";
import { startProxy } from "./support/cuttable-proxy.js";
import { inputOf, operations, readSchema } from "./support/operations.js";
import { type Stack, startStack } from "./support/stack.js";

const TRUSTED = new URL("../src/generated/trusted-documents.json", import.meta.url).pathname;

let stack: Stack;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  // Nothing but the client's own documents is run: every one that is sent below is a published one.
  stack = await startStack({ EKM_TRUSTED_DOCUMENTS: TRUSTED, EKM_TRUSTED_DOCUMENTS_MODE: "only" });
}, 120_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await stack.close();
}, 60_000);

function clientOf(token: () => string, url = stack.url): EkmClient {
  const client = createEkmClient({ url, token, WebSocket, reconnectDelayMs: () => 20 });
  closing.push(() => client.dispose());
  return client;
}

function must<Data>(result: Result<Data, unknown>): Data {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.data;
}

describe("through the client", { timeout: 120_000 }, () => {
  let account: string;
  let admin: EkmClient;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  const heard: AccountEvent[] = [];
  let gaps = 0;
  let connected = false;

  const until = (check: () => unknown) => expect.poll(check, { timeout: 60_000, interval: 50 });
  const lastNumber = () => Number(heard.at(-1)?.id.split("_").at(-1) ?? 0);

  it("support creates and activates an account", async () => {
    const support = clientOf(() => stack.token("SUPPORT"));
    account = must(await support.mutate(CreateAccountDocument, { name: "Acme" })).account.id;
    const activated = must(await support.mutate(ActivateEkmDocument, { accountId: account, expiresInDays: 30, ticket: "T-1" }));
    expect(activated.account.ekm?.status).toBe("ACTIVATED");
  });

  it("the admin listens, over a connection that will be cut", async () => {
    proxy = await startProxy(stack.url);
    closing.push(() => proxy.close());
    admin = clientOf(() => stack.token("ACCOUNT_ADMIN", account), proxy.url);
    admin.onAccountEvents(
      {},
      {
        event: (event) => void heard.push(event),
        gap: () => {
          gaps += 1;
        },
        connected: (is) => {
          connected = is;
        },
      },
    );
    await until(() => connected).toBe(true);
    // When exactly it has begun to listen is not told.
    await until(async () => {
      if (heard.length === 0) await changeTwice("Is anybody there?");
      return heard.length;
    }).toBeGreaterThan(0);
  });

  async function changeTwice(reason: string): Promise<void> {
    const other = clientOf(() => stack.token("ACCOUNT_ADMIN", account));
    must(await other.mutate(LockAccountKeysDocument, { reason }));
    must(await other.mutate(UnlockAccountKeysDocument, { reason }));
  }

  it("enables EKM with a key that is granted by the product's own template", async () => {
    const keyArn = await stack.createKey();
    const grant = must(await admin.query(GrantTemplateDocument, { keyArn }));
    await stack.putPolicy(keyArn, grant.account?.ekm?.grantTemplate.keyPolicy ?? "");
    const terms = must(await admin.query(LegalTermsDocument)).account?.ekm?.terms.version ?? "";
    const enabling = admin.intention(EnableEkmDocument);
    const early = await enabling.send({ keyArn, acceptedTermsVersion: terms, confirmIrreversible: false });
    expect(early).toMatchObject({ ok: false, errors: [{ kind: "user", code: "CONFIRMATION_MISSING" }] });
    const enabled = must(await enabling.send({ keyArn, acceptedTermsVersion: terms, confirmIrreversible: true }));
    expect(enabled.account.keyManagement).toBe("ENTERPRISE");
    expect(enabled.checks.map(({ verdict }) => verdict)).not.toContain("FAIL");
    await until(() => heard.some(({ kind }) => kind === "EKM_ENABLED")).toBe(true);
    const settings = must(await admin.query(AccountSettingsDocument));
    expect(settings.account?.ekm?.key?.arn).toBe(keyArn);
  });

  it("backs up, and hears of it until it has succeeded, although the connection is cut meanwhile", async () => {
    const { source } = must(
      await admin.mutate(RegisterBackupSourceDocument, { name: "CRM", kind: "DIRECTORY", location: stack.sourceLocation }),
    );
    const from = lastNumber();
    proxy.cut();
    await until(() => connected).toBe(false);
    const other = clientOf(() => stack.token("ACCOUNT_ADMIN", account));
    await changeTwice("while nobody hears");
    const { backup } = must(await other.mutate(StartBackupDocument, { sourceId: source.id }));
    expect(backup.status).toBe("QUEUED");
    proxy.mend();
    const latest = () => heard.filter((event) => event.backup?.id === backup.id).at(-1)?.backup;
    await until(() => latest()?.status).toSatisfy((status) => status === "SUCCEEDED" || status === "FAILED");
    expect(latest()).toMatchObject({ status: "SUCCEEDED", problem: null });
    await until(() => heard.filter(({ kind }) => kind === "KEYS_UNLOCKED").length).toBeGreaterThanOrEqual(2);
    const numbers = heard.map(({ id }) => Number(id.split("_").at(-1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.some((number) => number > from)).toBe(true);
    expect(gaps).toBe(0);
  });

  it("asks every query of the package", async () => {
    const viewer = must(await admin.query(ViewerDocument)).viewer;
    const node = heard.find((event) => event.backup != null)?.backup?.id ?? "";
    for (const { name, kind, document, required } of operations) {
      if (kind !== "query" || name === "Accounts") continue;
      const variables = Object.fromEntries(required.map((variable) => [variable, node]));
      expect({ name, ...(await admin.query(document, variables)) }).toMatchObject({ name, ok: true });
    }
    expect(viewer.account?.id).toBe(account);
    const support = clientOf(() => stack.token("SUPPORT"));
    const accounts = operations.find(({ name }) => name === "Accounts");
    expect(accounts && (await support.query(accounts.document, {}))).toMatchObject({ ok: true });
  });

  it("sends every mutation of the package, and is answered by what was done or by userErrors", async () => {
    const schema = await readSchema();
    for (const operation of operations.filter(({ kind }) => kind === "mutation")) {
      const result = await admin.mutate(operation.document as never, inputOf(schema, operation) as never);
      const errors = result.ok ? [] : (result.errors as readonly Failure[]);
      const odd = errors.filter(({ kind, code }) => (kind === "user" ? !isKnown(errorCodes, code) : code !== "FORBIDDEN"));
      expect({ mutation: operation.name, odd }).toEqual({ mutation: operation.name, odd: [] });
    }
  });

  it("goes on with a new token when the old one has run out", async () => {
    const refused: unknown[] = [];
    const client = createEkmClient({
      url: stack.url,
      token({ refused: old }) {
        if (old !== undefined) refused.push(old);
        return old === undefined ? stack.token("ACCOUNT_ADMIN", account, -60) : stack.token("ACCOUNT_ADMIN", account);
      },
    });
    expect(must(await client.query(ViewerDocument)).viewer.account?.id).toBe(account);
    expect(refused).toHaveLength(1);
  });

  it("begins anew, and says so, when its place in the events is too old", async () => {
    let told = 0;
    const failures: unknown[] = [];
    const later: AccountEvent[] = [];
    const client = clientOf(() => stack.token("ACCOUNT_ADMIN", account));
    client.onAccountEvents(
      { after: `evt_${account.slice("acc_".length)}_999999` },
      {
        event: (event) => void later.push(event),
        gap: () => {
          told += 1;
        },
        failed: (failure) => void failures.push(failure),
      },
    );
    await until(() => told).toBe(1);
    await until(async () => {
      if (later.length === 0) await changeTwice("again");
      return later.length;
    }).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });
});
