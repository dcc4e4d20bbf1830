// Invariant: every mutation that has an effect takes an idempotency key, and a hundred equal requests at once have one effect.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { getNamedType, isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../src/graphql/schema.js";
import { type Stack, startStack } from "./support/stack.js";
import { temporaryDirectory } from "./support/temporary-directory.js";
import { tenantsOf } from "./support/tenants.js";

const AT_ONCE = 100;
/** They ask AWS, and leave nothing behind but what they saw. */
const WITHOUT_EFFECT = ["checkKeyHealth", "validateKmsKey"];

let stack: Stack;
let tenants: ReturnType<typeof tenantsOf>;
beforeAll(async () => {
  const keyFile = path.join(await temporaryDirectory("webhook-key"), "key");
  await writeFile(keyFile, randomBytes(32));
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000", EKM_MUTATIONS_PER_MINUTE: "100000", EKM_WEBHOOK_KEY_FILE: keyFile });
  tenants = tenantsOf(stack);
});
afterAll(async () => {
  await stack.close();
});

type Role = "ACCOUNT_ADMIN" | "SUPPORT";
interface Prepared {
  readonly account: string;
  readonly input: Record<string, unknown>;
  readonly role?: Role;
}
interface Case {
  readonly mutation: string;
  readonly prepare: () => Promise<Prepared>;
  /** The entry of the account's log that stands for one effect. */
  readonly action?: string;
  /** What else counts the effects. */
  readonly effects?: (prepared: Prepared) => Promise<number>;
}

const asAdmin = async (account: string, query: string, variables: object = {}) => {
  const { data, errors } = await stack.as("ACCOUNT_ADMIN", account, query, variables);
  expect(errors).toEqual([]);
  return data;
};
const mutate = (account: string, mutation: string, input: object, selection: string) => {
  const type = inputTypes.get(mutation);
  return asAdmin(account, `mutation ($input: ${type}!) { it: ${mutation}(input: $input) { ${selection} userErrors { code } } }`, {
    input,
  }).then(({ it: payload }) => {
    expect(payload.userErrors).toEqual([]);
    return payload;
  });
};

const queued = async () => {
  const account = await tenants.created("Queue");
  return { account, source: await tenants.source(account) };
};
const backedUp = async () => {
  const { account, source } = await queued();
  const backupId = await tenants.backup(account, source);
  await stack.dataPlane.runAll();
  return { account, input: { backupId } };
};
const rotating = async () => {
  const { account } = await tenants.enabled("Rotate");
  const keyArn = await tenants.grantedKey(account);
  const { rotation } = await mutate(account, "rotateEkmKey", { keyArn }, "rotation { id }");
  return { account, input: { rotationId: rotation.id as string } };
};
const hooked = async () => {
  const account = await tenants.created("Hook");
  const { webhook } = await mutate(account, "createWebhook", { url: "https://hooks.example.com/ekm" }, "webhook { id }");
  return { account, input: { webhookId: webhook.id as string } };
};
const deliveries = async ({ account }: Prepared): Promise<number> => {
  const data = await asAdmin(account, "{ account { webhooks { nodes { deliveries { totalCount } } } } }");
  return data.account.webhooks.nodes.reduce(
    (sum: number, { deliveries: { totalCount } }: { deliveries: { totalCount: string } }) => sum + Number(totalCount),
    0,
  );
};

const CASES: readonly Case[] = [
  {
    mutation: "createAccount",
    prepare: async () => ({ account: "", input: { name: "Everywhere" }, role: "SUPPORT" }),
    effects: async () => {
      const query = '{ accounts(filter: { search: "Everywhere" }) { totalCount } }';
      return Number((await stack.as("SUPPORT", undefined, query)).data.accounts.totalCount);
    },
  },
  {
    mutation: "activateEkm",
    prepare: async () => {
      const account = await tenants.created("Activate");
      return { account, input: { accountId: account }, role: "SUPPORT" };
    },
    action: "EKM_ACTIVATED",
  },
  {
    mutation: "withdrawEkmActivation",
    prepare: async () => {
      const account = await tenants.activated("Withdraw");
      return { account, input: { accountId: account, reason: "over" }, role: "SUPPORT" };
    },
    action: "EKM_ACTIVATION_WITHDRAWN",
  },
  {
    mutation: "registerBackupSource",
    prepare: async () => ({
      account: await tenants.created("Source"),
      input: { name: "CRM", kind: "DIRECTORY", location: path.join(stack.data, "crm") },
    }),
    action: "SOURCE_REGISTERED",
  },
  {
    mutation: "enableEkm",
    prepare: async () => {
      const account = await tenants.activated("Enable");
      const keyArn = await tenants.grantedKey(account);
      const { terms } = (await asAdmin(account, "{ account { ekm { terms { version } } } }")).account.ekm;
      return { account, input: { keyArn, acceptedTermsVersion: terms.version, confirmIrreversible: true } };
    },
    action: "EKM_ENABLED",
  },
  {
    mutation: "rotateEkmKey",
    prepare: async () => {
      const { account } = await tenants.enabled("Rotate");
      return { account, input: { keyArn: await tenants.grantedKey(account) } };
    },
    action: "ROTATION_STARTED",
  },
  { mutation: "pauseEkmKeyRotation", prepare: rotating, action: "ROTATION_PAUSED" },
  {
    mutation: "resumeEkmKeyRotation",
    prepare: async () => {
      const prepared = await rotating();
      await mutate(prepared.account, "pauseEkmKeyRotation", prepared.input, "");
      return prepared;
    },
    action: "ROTATION_RESUMED",
  },
  { mutation: "cancelEkmKeyRotation", prepare: rotating, action: "ROTATION_CANCELLED" },
  {
    mutation: "lockAccountKeys",
    prepare: async () => ({ account: (await tenants.enabled("Lock")).account, input: { reason: "lost laptop" } }),
    action: "KEYS_LOCKED",
  },
  {
    mutation: "unlockAccountKeys",
    prepare: async () => {
      const { account } = await tenants.enabled("Unlock");
      await mutate(account, "lockAccountKeys", { reason: "lost laptop" }, "");
      return { account, input: { reason: "found" } };
    },
    action: "KEYS_UNLOCKED",
  },
  {
    mutation: "startBackup",
    prepare: async () => {
      const { account, source } = await queued();
      return { account, input: { sourceId: source } };
    },
    effects: async ({ account }) =>
      Number((await asAdmin(account, "{ account { backups { totalCount } } }")).account.backups.totalCount),
  },
  {
    mutation: "startRestore",
    prepare: backedUp,
    effects: async ({ account }) =>
      Number((await asAdmin(account, "{ account { restores { totalCount } } }")).account.restores.totalCount),
  },
  { mutation: "startVerification", prepare: backedUp, action: "VERIFICATION" },
  {
    mutation: "cancelJob",
    prepare: async () => {
      const { account, source } = await queued();
      return { account, input: { jobId: await tenants.backup(account, source) } };
    },
    action: "BACKUP",
  },
  {
    mutation: "createWebhook",
    prepare: async () => ({ account: await tenants.created("Hook"), input: { url: "https://hooks.example.com/ekm" } }),
    action: "WEBHOOK_CHANGED",
  },
  {
    mutation: "updateWebhook",
    prepare: async () => {
      const { account, input } = await hooked();
      return { account, input: { ...input, description: "pager" } };
    },
    action: "WEBHOOK_CHANGED",
  },
  { mutation: "rotateWebhookSecret", prepare: hooked, action: "WEBHOOK_CHANGED" },
  { mutation: "deleteWebhook", prepare: hooked, action: "WEBHOOK_CHANGED" },
  { mutation: "sendTestWebhook", prepare: hooked, effects: deliveries },
  {
    mutation: "redeliverWebhook",
    prepare: async () => {
      const { account, input } = await hooked();
      const { delivery } = await mutate(account, "sendTestWebhook", input, "delivery { id }");
      return { account, input: { deliveryId: delivery.id } };
    },
    action: "WEBHOOK_CHANGED",
  },
];

const fields = Object.values(buildSchema().getMutationType()?.getFields() ?? {});
const inputTypes = new Map(fields.map(({ name, args }) => [name, getNamedType(args[0]?.type)?.name]));

describe("every mutation", () => {
  it("takes an idempotency key, but for those that have no effect", () => {
    const without = fields.filter(({ args }) => {
      const type = getNamedType(args[0]?.type);
      return !isInputObjectType(type) || type.getFields()["idempotencyKey"] === undefined;
    });
    expect(without.map(({ name }) => name).sort()).toEqual(WITHOUT_EFFECT);
  });

  it("is tried here", () => {
    expect([...CASES.map(({ mutation }) => mutation), ...WITHOUT_EFFECT].sort()).toEqual(fields.map(({ name }) => name).sort());
  });
});

describe("a hundred equal requests at once", { timeout: 120_000 }, () => {
  const logged = async (account: string, action: string): Promise<number> =>
    Number(
      (
        await asAdmin(account, "query ($action: AuditAction) { account { auditLog(action: $action) { totalCount } } }", {
          action,
        })
      ).account.auditLog.totalCount,
    );

  it.each(CASES)("$mutation have one effect", async ({ mutation, prepare, action, effects }) => {
    const prepared = await prepare();
    const { account, input, role = "ACCOUNT_ADMIN" } = prepared;
    const count = () => (action === undefined ? (effects as NonNullable<typeof effects>)(prepared) : logged(account, action));
    const token = await stack.issuer.token({
      subject: "ada",
      roles: [role],
      ...(role === "SUPPORT" ? {} : { account }),
    });
    const query = `mutation ($input: ${inputTypes.get(mutation)}!) { it: ${mutation}(input: $input) { userErrors { code } } }`;
    const variables = { input: { ...input, idempotencyKey: "once" } };
    const send = async (): Promise<string[]> => {
      const { data, errors } = await stack.ask(query, { token, variables });
      expect(errors).toEqual([]);
      return data.it.userErrors.map(({ code }: { code: string }) => code);
    };

    const before = await count();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, send));
    expect(answers.flat().filter((code) => code !== "REQUEST_IN_PROGRESS")).toEqual([]);
    await expect.poll(send, { timeout: 30_000 }).toEqual([]);
    expect((await count()) - before).toBe(1);
  });
});
