// Invariant: where keys are used under a session of each account, a policy that requires the session's tag is enough for everything the
// product does with a key, and too little for any other account; where they are not, nobody is handed such a policy.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

const TAG = "aws:PrincipalTag/ekm:account";
const TEMPLATE =
  "query ($key: KeyArn, $tag: Boolean) { account { ekm { grantTemplate(keyArn: $key, requireSessionTag: $tag) { keyPolicy } } } }";

let stack: Stack;
let without: Stack;
/** Who used keys in the installation with sessions, by the last part of the caller's ARN. */
const callers = new Set<string>();
beforeAll(async () => {
  [stack, without] = await Promise.all([
    startStack({ EKM_ACCOUNT_SESSIONS: "true", EKM_PROBES_PER_MINUTE: "10000" }),
    startStack({ EKM_PROBES_PER_MINUTE: "10000" }),
  ]);
  await stack.aws.simulator.subscribe((event) => {
    if (event.kind !== "call" || event.service !== "kms" || MANAGING.has(event.operation)) return;
    if (event.callerAccountId !== stack.customerId) callers.add(event.callerArn?.split("/").at(-1) ?? "nobody");
  });
});
afterAll(async () => {
  await stack?.close();
  await without?.close();
});

/** What the process does on nobody's behalf. */
const MANAGING: ReadonlySet<string> = new Set(["CreateKey", "ScheduleKeyDeletion"]);

const templateOf = async (of: Stack, account: string, variables: object) => {
  const { data, errors } = await of.as("ACCOUNT_ADMIN", account, TEMPLATE, variables);
  return { policy: data?.account.ekm?.grantTemplate.keyPolicy as string | undefined, errors };
};

/** Bound by the tag alone, so that the context cannot be what refuses. */
const byTagAlone = (template: string) => template.replace(/,\s*"kms:EncryptionContext:ekm:account": "[^"]*"/g, "");

async function checksOf(of: Stack, account: string, keyArn: string) {
  const query =
    "mutation ($key: String!) { validateKmsKey(input: { keyArn: $key }) { usable checks { check verdict code remedy } userErrors { code } } }";
  const { data } = await of.as("ACCOUNT_ADMIN", account, query, { key: keyArn });
  return data.validateKmsKey as { usable: boolean; checks: { check: string; verdict: string; code: string; remedy: string }[] };
}

describe("with a session of each account", () => {
  it("the template requires the tag of both statements' callers, and need not", async () => {
    const account = await tenantsOf(stack).activated("Acme");
    const { policy = "" } = await templateOf(stack, account, {});
    const conditions = JSON.parse(policy).Statement.map(
      ({ Condition }: { Condition?: { StringEquals: Record<string, string> } }) => Condition?.StringEquals[TAG],
    );
    expect(conditions).toEqual([undefined, account, account]);
    expect((await templateOf(stack, account, { tag: true })).policy).toBe(policy);
    expect((await templateOf(stack, account, { tag: false })).policy).not.toContain(TAG);
  });

  it("the key passes every check, and backup, restore and rotation go through", async () => {
    const tenants = tenantsOf(stack);
    const { account } = await tenants.enabled("Beta");
    const next = await tenants.grantedKey(account);
    expect((await checksOf(stack, account, next)).checks.filter(({ verdict }) => verdict !== "PASS")).toEqual([]);
    const backup = await tenants.backup(account, await tenants.source(account));
    await stack.dataPlane.runAll();
    const query = `mutation ($backup: ID!, $key: String!) {
      startRestore(input: { backupId: $backup }) { restore { id } userErrors { code } }
      rotateEkmKey(input: { keyArn: $key }) { rotation { id } userErrors { code } }
    }`;
    const { data } = await stack.as("ACCOUNT_ADMIN", account, query, { backup, key: next });
    expect([data.startRestore.userErrors, data.rotateEkmKey.userErrors]).toEqual([[], []]);
    await stack.dataPlane.runAll();
    const restored = await stack.as(
      "ACCOUNT_ADMIN",
      account,
      "query ($id: ID!) { node(id: $id) { ... on Restore { status problem { code } } } account { ekm { key { arn health { state } } } } }",
      { id: data.startRestore.restore.id },
    );
    expect(restored.data.node).toEqual({ status: "SUCCEEDED", problem: null });
    expect(restored.data.account.ekm.key.health.state).toBe("HEALTHY");
  });

  it("another account cannot use the key, though its policy says nothing of the context", async () => {
    const tenants = tenantsOf(stack);
    const [owner, stranger] = [await tenants.activated("Owner"), await tenants.activated("Stranger")];
    const key = await stack.createKey();
    const { policy = "" } = await templateOf(stack, owner, { key });
    await stack.owner.kms("PutKeyPolicy", { KeyId: key, PolicyName: "default", Policy: byTagAlone(policy) });
    const [own, foreign] = [await checksOf(stack, owner, key), await checksOf(stack, stranger, key)];
    expect(own.checks.filter(({ verdict }) => verdict !== "PASS").map(({ check, code }) => [check, code])).toEqual([
      ["FOREIGN_CONTEXT_REFUSED", "KEY_POLICY_TOO_WIDE"],
      ["EMPTY_CONTEXT_REFUSED", "KEY_POLICY_TOO_WIDE"],
    ]);
    expect(foreign.checks.find(({ verdict }) => verdict === "FAIL")).toMatchObject({
      check: "GENERATE_DATA_KEY",
      code: "KEY_ACCESS_DENIED",
    });
  });
});

it("keys are used under sessions of accounts that there are, and under nothing else, probes of foreign contexts included", async () => {
  const { data } = await stack.as("SUPPORT", undefined, "{ accounts(first: 100) { nodes { id } } }");
  const sessions = data.accounts.nodes.map(({ id }: { id: string }) => `ekm-${id}`);
  expect(callers.size).toBeGreaterThan(2);
  expect([...callers].filter((caller) => !sessions.includes(caller))).toEqual([]);
});

describe("without", () => {
  it("nobody is handed a policy that would shut this installation out", async () => {
    const account = await tenantsOf(without).activated("Gamma");
    expect((await templateOf(without, account, {})).policy).not.toContain(TAG);
    const { errors } = await templateOf(without, account, { tag: true });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["BAD_USER_INPUT"]);
  });

  it("a policy that requires the tag fails the first check, and the remedy names the template", async () => {
    const account = await tenantsOf(without).activated("Delta");
    const key = await without.createKey();
    const { policy = "" } = await templateOf(without, account, { key });
    const Policy = policy.replaceAll('"StringEquals": {', `"StringEquals": { "${TAG}": "${account}",`);
    await without.owner.kms("PutKeyPolicy", { KeyId: key, PolicyName: "default", Policy });
    const { usable, checks } = await checksOf(without, account, key);
    const failed = checks.find(({ verdict }) => verdict === "FAIL");
    expect([usable, failed?.check, failed?.code]).toEqual([false, "GENERATE_DATA_KEY", "KEY_ACCESS_DENIED"]);
    expect(failed?.remedy).toContain("statements of the grant template");
  });
});
