// Invariant: support can find an account by what a customer knows, and is told why its backups fail, as it is now, with the way out; every query
// of docs/support.md does what the text around it says.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printApi } from "../src/graphql/print-schema.js";
import { examplesIn } from "./support/examples.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const markdown = await readFile(new URL("../../../docs/support.md", import.meta.url), "utf8");
const EXAMPLES = examplesIn(markdown);

let stack: Stack;
let tenants: ReturnType<typeof tenantsOf>;
let account: string;
let key: string;
let source: string;
beforeAll(async () => {
  stack = await startStack({ EKM_KEY_LEASE_SECONDS: "1", EKM_PROBES_PER_MINUTE: "1000" });
  tenants = tenantsOf(stack);
  await writeFile(path.join(stack.data, "crm", "payroll.csv"), "id,name\n1,Acme\n");
  ({ account, key } = await tenants.enabled("Acme Corporation"));
  source = await tenants.source(account);
  await tenants.backup(account, source);
  await stack.dataPlane.runAll();
}, 60_000);
afterAll(async () => {
  await stack.close();
});

const admin = async (query: string, variables?: object) => {
  const { data, errors } = await stack.as("ACCOUNT_ADMIN", account, query, variables);
  expect(errors).toEqual([]);
  return data;
};
const probe = () => admin("mutation { checkKeyHealth(input: {}) { health { state } } }");
const DIAGNOSIS = `query ($id: ID!) { account(id: $id) { diagnosis {
  state summary deletionDate backupsAtRisk promise ticketText causes { code keyArn awsErrorName awsRequestId }
  failedJobs { code backups restores } whatTheCustomerMustDo { text awsCli } whatSupportCanDo
} } }`;
const diagnosisOf = async (id: string) => {
  const { data, errors } = await stack.as("SUPPORT", undefined, DIAGNOSIS, { id });
  expect(errors).toEqual([]);
  return data.account.diagnosis;
};
/** Inside a live lease a backup may rightly still succeed: until it has run out. */
const failABackup = () =>
  expect
    .poll(
      async () => {
        await tenants.backup(account, source);
        await stack.dataPlane.runAll();
        return (await admin("{ account { backups(first: 1) { nodes { status } } } }")).account.backups.nodes[0].status;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe("FAILED");

describe("an account's life, as support is told of it", { timeout: 60_000 }, () => {
  it("begins without EKM, then with an activation that is not used", async () => {
    const created = await tenants.created("New");
    expect(await diagnosisOf(created)).toMatchObject({ state: "NOT_ACTIVATED", causes: [], backupsAtRisk: "0" });
    const activated = await tenants.activated("Newer");
    expect((await diagnosisOf(activated)).state).toBe("ACTIVATION_UNUSED");
  });

  it("is well while the key works", async () => {
    expect(await diagnosisOf(account)).toMatchObject({ state: "WELL", failedJobs: [], backupsAtRisk: "0" });
  });

  it("names a disabled key, what depends on it, and the command that enables it", async () => {
    await stack.owner.kms("DisableKey", { KeyId: key });
    await failABackup();
    await probe();
    const diagnosis = await diagnosisOf(account);
    expect(diagnosis).toMatchObject({
      state: "KEY_UNUSABLE",
      causes: [{ code: "KEY_DISABLED", keyArn: key, awsErrorName: "DisabledException", awsRequestId: expect.any(String) }],
    });
    expect(Number(diagnosis.backupsAtRisk)).toBeGreaterThan(0);
    expect(diagnosis.failedJobs).toContainEqual({ code: "KEY_DISABLED", backups: expect.any(Number), restores: 0 });
    expect(diagnosis.whatTheCustomerMustDo[0].awsCli).toBe(`aws kms enable-key --key-id ${key} --region eu-west-1`);
    expect(diagnosis.ticketText).toContain(diagnosis.whatTheCustomerMustDo[0].awsCli);
    for (const secret of ["payroll", stack.data, "CRM"]) expect(diagnosis.ticketText).not.toContain(secret);
  });

  it("says, once the key works, that what failed is to be started again, and is well after that", async () => {
    await stack.owner.kms("EnableKey", { KeyId: key });
    await probe();
    expect((await diagnosisOf(account)).state).toBe("JOBS_TO_REPEAT");
    await tenants.backup(account, source);
    await stack.dataPlane.runAll();
    expect(await diagnosisOf(account)).toMatchObject({ state: "WELL", failedJobs: [{ code: "KEY_DISABLED" }] });
  });

  it("calls a lock what it is, and tells support that it cannot lift it", async () => {
    await admin('mutation { lockAccountKeys(input: { reason: "drill of the board" }) { userErrors { code } } }');
    const diagnosis = await diagnosisOf(account);
    expect(diagnosis.state).toBe("KEYS_LOCKED");
    expect(diagnosis.whatSupportCanDo.join(" ")).toContain("neither lock nor unlock");
    expect(diagnosis.ticketText).not.toContain("board");
    await admin('mutation { unlockAccountKeys(input: { reason: "over" }) { userErrors { code } } }');
    expect((await diagnosisOf(account)).state).toBe("KEY_UNKNOWN");
    await probe();
    expect((await diagnosisOf(account)).state).toBe("WELL");
  });

  it("lists every possible cause of a denied key, and how the customer tells them apart", async () => {
    const { body } = await stack.owner.kms("GetKeyPolicy", { KeyId: key, PolicyName: "default" });
    const owners = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${stack.customerId}:root` }, Action: "kms:*", Resource: "*" },
      ],
    };
    await stack.owner.kms("PutKeyPolicy", { KeyId: key, PolicyName: "default", Policy: JSON.stringify(owners) });
    await probe();
    const { state, causes, ticketText } = await diagnosisOf(account);
    expect(state).toBe("KEY_UNUSABLE");
    expect(causes[0].code).toBe("KEY_ACCESS_DENIED");
    for (const told of ["Possible:", "sts get-caller-identity", "describe-key", "get-key-policy", "put-key-policy"]) {
      expect(ticketText).toContain(told);
    }
    await stack.owner.kms("PutKeyPolicy", { KeyId: key, PolicyName: "default", Policy: String(body["Policy"]) });
  });

  it("puts a key that is about to be deleted above all else, with its date", async () => {
    await stack.owner.kms("ScheduleKeyDeletion", { KeyId: key, PendingWindowInDays: 7 });
    await probe();
    const { state, deletionDate, summary, whatTheCustomerMustDo } = await diagnosisOf(account);
    expect(state).toBe("KEY_PENDING_DELETION");
    expect(new Date(deletionDate).getTime()).toBeGreaterThan(Date.now());
    expect(summary).toContain(deletionDate.slice(0, 10));
    expect(whatTheCustomerMustDo.slice(0, 2).map(({ awsCli }: { awsCli: string }) => awsCli.split(" ")[2])).toEqual([
      "cancel-key-deletion",
      "enable-key",
    ]);
    await stack.owner.kms("CancelKeyDeletion", { KeyId: key });
    await probe();
  });

  it("is told to the tenant in the same words", async () => {
    const own = (await admin("{ account { diagnosis { summary promise } } }")).account.diagnosis;
    const { summary, promise } = await diagnosisOf(account);
    expect(own).toEqual({ summary, promise });
  });
});

describe("docs/support.md", { timeout: 60_000 }, () => {
  let pending: string;
  beforeAll(async () => {
    pending = await tenants.created("Pending");
    await probe();
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that their own query gives them
  const SURROUNDINGS: Readonly<Record<string, { variables?: () => object; check(data: any): void | Promise<void> }>> = {
    FindAccount: {
      variables: () => ({ search: " acme corp " }),
      async check({ accounts }) {
        expect(accounts.nodes).toMatchObject([{ id: account, ekm: { key: { arn: key } } }]);
        const query = EXAMPLES.find(({ name }) => name === "FindAccount")?.query ?? "";
        for (const search of [account, key, key.split("/")[1], stack.customerId]) {
          const { data } = await stack.as("SUPPORT", undefined, query, { search });
          expect([search, data.accounts.nodes.map(({ id }: { id: string }) => id)]).toEqual([search, [account]]);
        }
      },
    },
    WhyBackupsFail: {
      variables: () => ({ accountId: account }),
      check: ({ account: { diagnosis } }) =>
        expect(diagnosis).toMatchObject({ state: "KEY_UNUSABLE", causes: [{ code: "KEY_DISABLED" }] }),
    },
    TicketText: {
      variables: () => ({ accountId: account }),
      check: ({ account: { diagnosis } }) => expect(diagnosis.ticketText).toContain("What you have to do:"),
    },
    FailedBackups: {
      variables: () => ({ accountId: account }),
      check({ account: { backups, ekm } }) {
        expect(backups.nodes[0].problem.code).toBe("KEY_DISABLED");
        expect(ekm).toMatchObject({ key: { health: { state: "UNUSABLE" } }, activeRotation: null });
      },
    },
    WhoDidWhat: {
      variables: () => ({ accountId: account }),
      check({ account: { auditLog } }) {
        const [latest] = auditLog.nodes;
        expect(latest).toMatchObject({ action: "ACCOUNT_READ_BY_SUPPORT", actor: "support@example.com" });
      },
    },
    ActivateWithTicket: {
      variables: () => ({ accountId: pending }),
      async check({ activateEkm }) {
        expect(activateEkm.account.ekm).toMatchObject({ status: "ACTIVATED", activationTicket: "SUP-4711" });
        const query = "{ account { auditLog(first: 1, action: EKM_ACTIVATED) { nodes { detail } } } }";
        const { data } = await stack.as("ACCOUNT_ADMIN", pending, query);
        expect(data.account.auditLog.nodes[0].detail).toContain("(ticket SUP-4711)");
      },
    },
    Withdraw: {
      variables: () => ({ accountId: pending }),
      check: ({ withdrawEkmActivation }) => expect(withdrawEkmActivation.account).toEqual({ ekm: null }),
    },
    AccountsInTrouble: {
      check: ({ accounts }) => expect(accounts.nodes).toMatchObject([{ id: account, diagnosis: { state: "KEY_UNUSABLE" } }]),
    },
  };

  it("has examples, each with a name of its own, and no other GraphQL", () => {
    expect(EXAMPLES.map(({ name }) => name)).toEqual(Object.keys(SURROUNDINGS));
    expect(markdown.match(/^```graphql/gm)).toHaveLength(EXAMPLES.length);
  });

  it("names every state of the schema", () => {
    const named = [...markdown.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name).sort();
    const states = /enum DiagnosisState \{([\s\S]*?)\n\}/.exec(printApi())?.[1] ?? "";
    expect(named).toEqual([...states.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, name]) => name).sort());
  });

  it.each(EXAMPLES.map((example) => [example.name, example] as const))("%s does what it says", async (name, { role, query }) => {
    expect(validate(buildSchema(printApi()), parse(query))).toEqual([]);
    const { data, errors } = await stack.as(role, undefined, query, SURROUNDINGS[name]?.variables?.());
    expect(errors).toEqual([]);
    for (const { userErrors = [] } of Object.values(data) as { userErrors?: unknown[] }[]) expect(userErrors).toEqual([]);
    await SURROUNDINGS[name]?.check(data);
  });
});

describe("a ticket", () => {
  const activate = (accountId: string, ticket: string | null) =>
    stack.as(
      "SUPPORT",
      undefined,
      "mutation ($id: ID!, $ticket: String) { activateEkm(input: { accountId: $id, ticket: $ticket }) { account { ekm { activationTicket } } userErrors { code field } } }",
      { id: accountId, ticket },
    );

  it("is kept through later activations that name none, and replaced by one that does", async () => {
    const id = await tenants.created("Tickets");
    for (const [named, kept] of [
      [null, null],
      ["SUP-1", "SUP-1"],
      [null, "SUP-1"],
      ["  SUP-2 ", "SUP-2"],
    ] as const) {
      const { data } = await activate(id, named);
      expect(data.activateEkm).toEqual({ account: { ekm: { activationTicket: kept } }, userErrors: [] });
    }
  });

  it.each(["", " ", "x".repeat(201), "two\nlines", "\u202eturned"])("that is %j is refused", async (ticket) => {
    const id = await tenants.created("Bad tickets");
    const { data } = await activate(id, ticket);
    expect(data.activateEkm).toEqual({ account: null, userErrors: [{ code: "INPUT_INVALID", field: ["input", "ticket"] }] });
  });
});
