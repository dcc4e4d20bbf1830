// Invariant: a tenant learns nothing of another. Whatever it names of the other's, wherever the schema takes a name, the answer is byte for
// byte the one for a name that was never given out; and nothing of the other's changes. What there is to name is read from the schema.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ROLES_BY_OPERATION, type Role } from "@ekm/ekm";
import { getNamedType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../src/graphql/schema.js";
import { hearByEventStream, hearByWebSocket } from "./support/listen.js";
import {
  argumentsOf,
  documentFor,
  fieldsWithReferences,
  type RootField,
  requiredNames,
  rootFieldsOf,
} from "./support/references.js";
import { type Stack, startStack } from "./support/stack.js";
import { temporaryDirectory } from "./support/temporary-directory.js";
import { tenantsOf } from "./support/tenants.js";

/** One of everything that has an id. */
const KINDS = {
  account: "acc",
  source: "src",
  backup: "bkp",
  restore: "rst",
  verification: "vrf",
  rotation: "rot",
  auditEvent: "aud",
  webhook: "whk",
  delivery: "whd",
  event: "evt",
} as const;
type Kind = keyof typeof KINDS;
type Tenant = Readonly<Record<Kind, string>>;

/** What an argument of that name names, wherever it stands. */
const ID_ARGUMENTS: Readonly<Record<string, readonly Kind[]>> = {
  id: ["account", "source", "backup", "restore", "verification", "rotation", "auditEvent", "webhook", "delivery"],
  accountId: ["account"],
  sourceId: ["source"],
  backupId: ["backup"],
  jobId: ["backup", "restore", "verification"],
  rotationId: ["rotation"],
  webhookId: ["webhook"],
  deliveryId: ["delivery"],
};
/** Tried below, each in its own way. */
const OTHER_NAMES = ["keyArn", "idempotencyKey", "after"];
/** Texts that name nothing that anybody has; directories are an account's own by their root (docs/adr/0008). */
const INERT = [
  "acceptLossOfUnreadable",
  "acceptedTermsVersion",
  "description",
  "kinds",
  "location",
  "name",
  "reason",
  "search",
  "target",
  "ticket",
  "url",
];
const TENANT_ROLES: readonly Role[] = ["ACCOUNT_ADMIN", "BACKUP_OPERATOR", "ACCOUNT_VIEWER"];

const schema = buildSchema();
const ROOTS = rootFieldsOf(schema);
const BELOW = fieldsWithReferences(schema);

let stack: Stack;
let own: Tenant;
let other: Tenant;
let before: unknown;
beforeAll(async () => {
  const keyFile = path.join(await temporaryDirectory("webhook-key"), "key");
  await writeFile(keyFile, randomBytes(32));
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000", EKM_WEBHOOK_KEY_FILE: keyFile });
  await writeFile(path.join(stack.data, "crm", "accounts.csv"), "id,name\n1,Acme\n");
  own = await createTenant("Own");
  other = await createTenant("Other");
  before = await snapshotOf(other);
}, 60_000);
afterAll(async () => {
  await stack?.close();
});

async function createTenant(name: string): Promise<Tenant> {
  const tenants = tenantsOf(stack);
  const { account } = await tenants.enabled(name);
  const listener = hearByWebSocket(stack.url, {
    token: await tokenOf("ACCOUNT_ADMIN", account),
    query: "subscription { accountEvents { id } }",
  });
  const source = await tenants.source(account);
  const backup = await tenants.backup(account, source);
  await stack.dataPlane.runAll();
  const key = await tenants.grantedKey(account);
  const { data } = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    `mutation ($backup: ID!, $key: String!) {
      startRestore(input: { backupId: $backup }) { restore { id } }
      startVerification(input: { backupId: $backup }) { verification { id } }
      rotateEkmKey(input: { keyArn: $key }) { rotation { id } }
      createWebhook(input: { url: "https://hooks.example.com/${name}" }) { webhook { id } userErrors { code message } }
    }`,
    { backup, key },
  );
  const webhook = data.createWebhook.webhook.id as string;
  await stack.as(
    "ACCOUNT_ADMIN",
    account,
    "mutation ($id: ID!) { sendTestWebhook(input: { webhookId: $id }) { userErrors { code } } }",
    { id: webhook },
  );
  const lists = await stack.as(
    "ACCOUNT_ADMIN",
    account,
    "{ account { auditLog(first: 1) { nodes { id } } webhooks { nodes { deliveries(first: 1) { nodes { id } } } } } }",
  );
  expect(await listener.outcome).toBe("event");
  const [event = ""] = /evt_\w+|(?<="accountEvents":\{"id":")[^"]+/.exec(listener.said()) ?? [];
  listener.stop();
  return {
    account,
    source,
    backup,
    restore: data.startRestore.restore.id,
    verification: data.startVerification.verification.id,
    rotation: data.rotateEkmKey.rotation.id,
    auditEvent: lists.data.account.auditLog.nodes[0].id,
    webhook,
    delivery: lists.data.account.webhooks.nodes[0].deliveries.nodes[0].id,
    event,
  };
}

/** All that a stranger could have changed. */
async function snapshotOf({ account }: Tenant): Promise<unknown> {
  const query = `{ account {
    name keyManagement keyLock { reason }
    ekm { status key { arn health { state checkedAt } } activeRotation { id status } }
    sources { totalCount } auditLog(first: 1) { totalCount nodes { hash } }
    backups { nodes { id status } } restores { nodes { id status } }
    webhooks { nodes { id url state deliveries { totalCount nodes { id state } } } }
  } }`;
  const { data, errors } = await stack.as("ACCOUNT_ADMIN", account, query);
  expect(errors).toEqual([]);
  return data;
}

const tokenOf = (role: Role, account: string) => stack.issuer.token({ subject: `${role}@example.com`, roles: [role], account });
/** As well formed as the other's, and never given out. */
const unknown = (kind: Kind): string => other[kind].replace(/[0-9A-Z]{26}/, "0".repeat(26));

interface Raw {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** All of an answer but what tells one request from another. */
async function askRaw(token: string, query: string, variables: unknown, names: readonly string[]): Promise<Raw> {
  const response = await fetch(`${stack.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const headers = Object.fromEntries(response.headers);
  delete headers["x-request-id"];
  delete headers["date"];
  let text = await response.text();
  for (const name of names) text = text.replaceAll(name, "NAME");
  return { status: response.status, headers, text: text.replace(/"requestId":"[^"]*"/g, '"requestId":"-"') };
}

const thingsOf = (tenant: Tenant): Record<string, unknown> => ({
  sourceId: tenant.source,
  backupId: tenant.backup,
  jobId: tenant.verification,
  rotationId: tenant.rotation,
  webhookId: tenant.webhook,
  deliveryId: tenant.delivery,
});

/** Only what the field must have, of that tenant's things, and what is to be named. */
function variablesFor({ field }: RootField, tenant: Tenant, named: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const required = requiredNames(field);
  const things = Object.fromEntries(Object.entries(thingsOf(tenant)).filter(([name]) => required.has(name)));
  return argumentsOf(field, { ...things, ...named });
}

const isRefusal = ({ text }: Raw, name: string): boolean => {
  const { data, errors } = JSON.parse(text) as { data?: Record<string, { userErrors?: unknown[] } | null>; errors?: unknown[] };
  const answer = data?.[name];
  return (errors?.length ?? 0) > 0 || answer == null || (answer.userErrors?.length ?? 0) > 0;
};
const forTenants = ({ name }: RootField): boolean => {
  const roles: readonly Role[] | undefined = (ROLES_BY_OPERATION as Readonly<Record<string, readonly Role[]>>)[name];
  return roles === undefined || roles.some((role) => role !== "SUPPORT");
};

describe("what the schema takes", () => {
  it("is all tried here: an argument of a new name must be put into one of the lists above", () => {
    const known = [...Object.keys(ID_ARGUMENTS), ...OTHER_NAMES, ...INERT];
    const taken = [...ROOTS, ...BELOW].flatMap(({ references }) => references.map(({ name }) => name));
    expect(taken.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("is all there to be named: each kind of thing with an id", () => {
    const nodes = schema.getPossibleTypes(schema.getType("Node") as never).map(({ name }) => name);
    const kinds = [
      "Account",
      "AuditEvent",
      "Backup",
      "BackupSource",
      "KeyRotation",
      "Restore",
      "Verification",
      "Webhook",
      "WebhookDelivery",
    ];
    expect([...nodes].sort()).toEqual(kinds);
  });
});

const byId = ROOTS.filter(
  ({ operation, references }) => operation !== "subscription" && references.some(({ name }) => name in ID_ARGUMENTS),
);

describe.each(byId.map((root) => [root.name, root] as const))("%s", (name, root) => {
  const places = root.references.filter((reference) => reference.name in ID_ARGUMENTS).map((reference) => reference.name);

  it.each(TENANT_ROLES)("answers %s about another's things as about nothing", async (role) => {
    const token = await tokenOf(role, own.account);
    const query = documentFor(root);
    for (const place of places) {
      for (const kind of Object.keys(KINDS) as Kind[]) {
        const ask = (id: string) => askRaw(token, query, variablesFor(root, own, { [place]: id }), [id]);
        const [theirs, nothing] = [await ask(other[kind]), await ask(unknown(kind))];
        expect([place, kind, theirs]).toEqual([place, kind, nothing]);
        expect([place, kind, isRefusal(theirs, name)]).toEqual([place, kind, true]);
      }
    }
  });

  it("answers alike when everything named is another's", async () => {
    const token = await tokenOf("ACCOUNT_ADMIN", own.account);
    const all = (idOf: (kind: Kind) => string) => {
      const named = Object.fromEntries(places.map((place) => [place, idOf(ID_ARGUMENTS[place]?.[0] ?? "account")]));
      return askRaw(token, documentFor(root), variablesFor(root, own, named), Object.values(named));
    };
    expect(await all((kind) => other[kind])).toEqual(await all(unknown));
  });
});

describe("a filter by another's thing", () => {
  it("is tried wherever a list has one", () => {
    const filters = BELOW.flatMap(({ type, field, references }) =>
      references.filter(({ name }) => name in ID_ARGUMENTS).map(({ name }) => `${type}.${field.name}(${name})`),
    );
    expect(filters).toEqual(["Account.backups(sourceId)"]);
  });

  it("finds nothing", async () => {
    const token = await tokenOf("ACCOUNT_ADMIN", own.account);
    const query = "query ($id: ID) { account { backups(sourceId: $id) { nodes { id } totalCount } } }";
    const ask = (id: string) => askRaw(token, query, { id }, [id]);
    const theirs = await ask(other.source);
    expect(theirs).toEqual(await ask(unknown("source")));
    expect(JSON.parse(theirs.text).data.account.backups).toEqual({ nodes: [], totalCount: "0" });
  });
});

describe.each([
  ["a web socket", hearByWebSocket],
  ["server-sent events", hearByEventStream],
])("accountEvents over %s", (_transport, hear) => {
  const query = "subscription ($accountId: ID, $after: ID) { accountEvents(accountId: $accountId, after: $after) { id } }";

  it.each([
    ["account", (id: string) => ({ accountId: id }), "account"],
    ["event to go on from", (id: string) => ({ after: id }), "event"],
  ] as const)("answers another's %s as one that there is not", async (_what, variablesOf, kind) => {
    for (const role of TENANT_ROLES) {
      const ask = async (id: string) => {
        const hearing = hear(stack.url, { token: await tokenOf(role, own.account), query, variables: variablesOf(id) });
        const outcome = await hearing.outcome;
        hearing.stop();
        return [
          outcome,
          hearing
            .said()
            .replaceAll(id, "NAME")
            .replace(/requestId\\?":\\?"[^"\\]*/g, ""),
        ];
      };
      const theirs = await ask(other[kind]);
      expect(theirs).toEqual(await ask(unknown(kind)));
      expect(theirs[0]).toBe("BAD_USER_INPUT");
    }
  });
});

describe("another's key", () => {
  const mutation = (name: string, further = "") =>
    `mutation ($key: String!) { ${name}(input: { keyArn: $key${further} }) { checks { check verdict code message remedy } userErrors { code message remedy field retryable retryAfterMs } } }`;
  const PLACES: Readonly<Record<string, { query: string; tenant: "activated" | "enabled" }>> = {
    validateKmsKey: { query: mutation("validateKmsKey"), tenant: "activated" },
    enableEkm: {
      query: mutation("enableEkm", ', acceptedTermsVersion: "TERMS", confirmIrreversible: true'),
      tenant: "activated",
    },
    rotateEkmKey: { query: mutation("rotateEkmKey"), tenant: "enabled" },
    grantTemplate: {
      query:
        "query ($key: KeyArn) { account { ekm { grantTemplate(keyArn: $key) { statements keyPolicy cloudFormation terraform awsCli } } } }",
      tenant: "activated",
    },
  };
  let theirs: { bound: string; wide: string };
  let tenants: Record<"activated" | "enabled", string>;
  let terms: string;
  beforeAll(async () => {
    const make = tenantsOf(stack);
    const bound = await make.enabled("Bound");
    tenants = { activated: await make.activated("Curious"), enabled: (await make.enabled("Curious as well")).account };
    const wide = await make.enabled("Wide");
    const template = "query ($key: KeyArn) { account { ekm { grantTemplate(keyArn: $key) { keyPolicy } terms { version } } } }";
    const { data } = await stack.as("ACCOUNT_ADMIN", wide.account, template, { key: wide.key });
    terms = data.account.ekm.terms.version;
    const Policy = (data.account.ekm.grantTemplate.keyPolicy as string).replace(
      /,\s*"kms:EncryptionContext:ekm:account": "[^"]*"/,
      "",
    );
    await stack.owner.kms("PutKeyPolicy", { KeyId: wide.key, PolicyName: "default", Policy });
    theirs = { bound: bound.key, wide: wide.key };
  }, 60_000);

  it("is tried wherever a key can be named", () => {
    const places = [...ROOTS, ...BELOW].filter(({ references }) => references.some(({ name }) => name === "keyArn"));
    expect(places.map(({ field }) => field.name).sort()).toEqual(Object.keys(PLACES).sort());
  });

  it.each(Object.entries(PLACES))("is to %s as a key that there is not", async (_name, { query, tenant }) => {
    const token = await tokenOf("ACCOUNT_ADMIN", tenants[tenant]);
    const absent = theirs.bound.replace(/[^/]*$/, "00000000-0000-4000-8000-000000000000");
    const ask = (key: string) => askRaw(token, query.replace("TERMS", terms), { key }, [key, key.split("/").at(-1) ?? ""]);
    expect(await ask(theirs.bound)).toEqual(await ask(absent));
  });

  it("is KEY_TAKEN only to those whom its own policy lets in, and told to be taken by nobody in particular", async () => {
    const { data } = await stack.as("ACCOUNT_ADMIN", tenants.activated, PLACES["validateKmsKey"]?.query ?? "", {
      key: theirs.wide,
    });
    const taken = data.validateKmsKey.checks.find(({ verdict }: { verdict: string }) => verdict === "FAIL");
    expect(taken).toMatchObject({ check: "KEY_NOT_TAKEN", code: "KEY_TAKEN" });
    expect(JSON.stringify(data)).not.toMatch(/acc_|Wide/);
  });
});

describe("a cursor of another's list", () => {
  /** How each list is reached, and the list of its own that it may not show. */
  const LISTS: Readonly<Record<string, (list: string) => string>> = {
    "Account.sources": (list) => `account { ${list} }`,
    "Account.backups": (list) => `account { ${list} }`,
    "Account.restores": (list) => `account { ${list} }`,
    "Account.auditLog": (list) => `account { ${list} }`,
    "Account.webhooks": (list) => `account { ${list} }`,
    "EkmConfiguration.rotations": (list) => `account { ekm { ${list} } }`,
    "CustomerKey.healthHistory": (list) => `account { ekm { key { ${list} } } }`,
    "Webhook.deliveries": (list) => `account { webhooks(first: 1) { nodes { ${list} } } }`,
  };

  it("is tried in every list", () => {
    const lists = BELOW.filter(({ field }) => getNamedType(field.type).name.endsWith("Connection"));
    expect(lists.map(({ type, field }) => `${type}.${field.name}`).sort()).toEqual(Object.keys(LISTS).sort());
  });

  it.each(Object.entries(LISTS))("shows nothing of it: %s", async (name, reach) => {
    const field = name.split(".")[1] ?? "";
    const fields = name === "CustomerKey.healthHistory" ? "since" : "id";
    const query = `query ($after: String) { ${reach(`${field}(first: 100, after: $after) { edges { cursor node { ${fields} } } }`)} }`;
    const list = async (tenant: Tenant, after: string | null) => {
      const answer = await askRaw(await tokenOf("ACCOUNT_ADMIN", tenant.account), query, { after }, []);
      return { ...answer, edges: edgesOf(answer.text) };
    };
    const [mine, theirs] = [await list(own, null), await list(other, null)];
    expect(Math.min(mine.edges.length, theirs.edges.length)).toBeGreaterThan(0);
    for (const { cursor } of theirs.edges) {
      const seen = await list(own, cursor);
      for (const edge of seen.edges) {
        expect(mine.edges).toContainEqual(edge);
        expect(theirs.edges).not.toContainEqual(edge);
      }
      const place = Buffer.from(cursor, "base64url").toString("utf8");
      // One that nobody has, beside it: where the place is an id, no other thing lies between the two.
      if (!/_[0-9A-Z]{26}$/.test(place)) continue;
      const beside = Buffer.from(
        place.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
        "utf8",
      ).toString("base64url");
      expect(seen).toEqual(await list(own, beside));
    }
  });

  const edgesOf = (text: string): { cursor: string; node: object }[] => {
    const found: { cursor: string; node: object }[] = [];
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === "object" && value !== null && "cursor" in value) found.push(value as { cursor: string; node: object });
      return value;
    });
    return found;
  };
});

describe("the other tenant", () => {
  it("is as it was: nothing changed, and its audit log tells of nothing", async () => {
    expect(await snapshotOf(other)).toEqual(before);
  });

  /** What removes something comes last. */
  const asked = [...byId]
    .filter(forTenants)
    .sort((a, b) => Number(/^(delete|cancel)/.test(a.name)) - Number(/^(delete|cancel)/.test(b.name)));
  const places = asked.flatMap((root) =>
    root.references.flatMap(({ name }) => (ID_ARGUMENTS[name] ?? []).map((kind) => [root.name, name, kind, root] as const)),
  );

  it.each(places)("itself is answered something else by %s with its %s of a %s", async (name, place, kind, root) => {
    if (name === "account" && kind !== "account") return;
    const ask = async (tenant: Tenant) =>
      askRaw(
        await tokenOf("ACCOUNT_ADMIN", tenant.account),
        documentFor(root),
        variablesFor(root, tenant, { [place]: other[kind] }),
        [],
      );
    expect((await ask(other)).text).not.toBe((await ask(own)).text);
  });
});

describe("an idempotency key that another has used", () => {
  const protectedFields = ROOTS.filter(
    (root) => forTenants(root) && root.references.some(({ name }) => name === "idempotencyKey"),
  );
  const texts = (who: string, url: string): Record<string, unknown> => ({
    url,
    ...Object.fromEntries(["name", "reason", "keyArn", "acceptedTermsVersion", "location"].map((name) => [name, `of ${who}`])),
  });
  const needed = ({ field }: RootField, given: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => requiredNames(field).has(name)));

  it.each(protectedFields.map((root) => [root.name, root] as const))("is free for %s", async (name, root) => {
    const ask = async (tenant: Tenant, who: string) => {
      const url = `https://hooks.example.com/${who}`;
      const variables = variablesFor(root, tenant, { ...needed(root, texts(who, url)), idempotencyKey: `shared-${name}` });
      // What is deleted or cancelled is needed no more by the tests before; those after do not look at it.
      return askRaw(await tokenOf("ACCOUNT_ADMIN", tenant.account), documentFor(root), variables, []);
    };
    const theirs = await ask(other, "other");
    expect(theirs.text).not.toContain("REQUEST_IN_PROGRESS");
    const mine = await ask(own, "own");
    expect(mine.text).not.toMatch(/IDEMPOTENCY_KEY_REUSED|REQUEST_IN_PROGRESS/);
    for (const kind of Object.keys(KINDS) as Kind[]) expect(mine.text).not.toContain(other[kind]);
    const made = /"id":"((?:bkp|rst|vrf|whk|whd|src)_\w+)"/.exec(theirs.text)?.[1];
    if (made !== undefined) expect(mine.text).not.toContain(made);
  });

  it("would not be free for its owner", async () => {
    const query =
      'mutation ($reason: String!) { lockAccountKeys(input: { reason: $reason, idempotencyKey: "mine" }) { userErrors { code } } }';
    const lock = async (reason: string) => (await stack.as("ACCOUNT_ADMIN", own.account, query, { reason })).data.lockAccountKeys;
    expect([await lock("one"), await lock("two")]).toEqual([
      { userErrors: [] },
      { userErrors: [{ code: "IDEMPOTENCY_KEY_REUSED" }] },
    ]);
  });
});
