import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAwsClient } from "@ekm/mock-aws";
import { writeSalesforceExport } from "../data/salesforce-export.js";
import { keyPolicy } from "../policies/key-policies.js";
import { activateEkm, createAccount, readAccount, readTermsVersion } from "../product/accounts.js";
import { type Answer, createSession, type Session } from "../product/graphql.js";
import { readJob, registerBackupSource, startBackup } from "../product/jobs.js";
import { enableEkm } from "../product/keys.js";
import type { Role, UserError } from "../product/types.js";
import { isFinal } from "../runner/jobs.js";
import { REGIONS, type Stack } from "../stack/stack.js";
import { type DemoAccountState, openDemoState } from "./demo-state.js";

/** The accounts that a newcomer finds: one at each stage of EKM. */
export const DEMO_ACCOUNTS = [
  { name: "Amber Textiles", stage: "not activated" },
  { name: "Birch Logistics", stage: "activated" },
  { name: "Cobalt Health", stage: "enabled" },
] as const;
type Stage = (typeof DEMO_ACCOUNTS)[number]["stage"];

export interface DemoAccount {
  readonly name: string;
  readonly stage: Stage;
  readonly id: string;
  readonly keyArn?: string;
}

const CUSTOMER = "customer";
const EXPORT_BYTES = 20_000_000;
const EXPORT_SEED = 7;
const POLL_MS = 100;

/** Creates whatever is not there yet, through the doors that anybody uses: GraphQL as support and admin, AWS as the key's owner. */
export async function setUpDemo(stack: Stack, directory: string, signal: AbortSignal): Promise<readonly DemoAccount[]> {
  const file = await openDemoState(directory);
  const session = async (role: Role, id?: string): Promise<Session> =>
    createSession(stack.gatewayUrl, await stack.tokens.token(role, id), () => signal);
  const support = await session("SUPPORT");
  const accounts: DemoAccount[] = [];
  for (const { name, stage } of DEMO_ACCOUNTS) {
    const known = file.state.accounts[name];
    let state: DemoAccountState = known && (await exists(support, known.id)) ? known : await create(support, name);
    await file.save(name, state);
    if (stage !== "not activated") await activate(support, state.id);
    if (stage === "enabled") {
      const admin = await session("ACCOUNT_ADMIN", state.id);
      const save = async (more: Partial<DemoAccountState>): Promise<void> => {
        state = { ...state, ...more };
        await file.save(name, state);
      };
      if (state.keyArn === undefined) await save({ keyArn: await createKey(stack, state.id) });
      await enable(admin, state.id, state.keyArn ?? "");
      if (state.sourceId === undefined) await save({ sourceId: await register(admin, stack, state.id) });
      if (!state.hasBackup) {
        await backUp(admin, state.id, state.sourceId ?? "", signal);
        await save({ hasBackup: true });
      }
    }
    accounts.push({ name, stage, id: state.id, ...(state.keyArn === undefined ? {} : { keyArn: state.keyArn }) });
  }
  return accounts;
}

async function exists(support: Session, id: string): Promise<boolean> {
  const answer = await readAccount(support, id);
  return answer.ok && answer.data.account !== null;
}

async function create(support: Session, name: string): Promise<DemoAccountState> {
  const { account } = payload("createAccount", await createAccount(support, { name }));
  if (!account) throw new Error("createAccount answered no account");
  return { id: account.id, hasBackup: false };
}

async function activate(support: Session, id: string): Promise<void> {
  const answer = await readAccount(support, id);
  if (answer.ok && answer.data.account?.ekm) return;
  payload("activateEkm", await activateEkm(support, { accountId: id, ticket: "DEMO-1" }));
}

async function enable(admin: Session, id: string, keyArn: string): Promise<void> {
  const account = await readAccount(admin, id);
  if (account.ok && account.data.account?.ekm?.key) return;
  const terms = await readTermsVersion(admin, id);
  const acceptedTermsVersion = terms.ok ? terms.data.account?.ekm?.terms.version : undefined;
  if (acceptedTermsVersion === undefined) throw new Error("the product shows no legal terms to accept");
  payload("enableEkm", await enableEkm(admin, { accountId: id, keyArn, acceptedTermsVersion, confirmIrreversible: true }));
}

/** A key in the customer's AWS account, with the grant that the vendor asks for. */
async function createKey(stack: Stack, accountId: string): Promise<string> {
  const { accounts } = stack.aws.simulator;
  const owner = (await accounts.list()).find(({ name }) => name === CUSTOMER) ?? (await accounts.create({ name: CUSTOMER }));
  const { accessKeyId, secretAccessKey } = owner;
  const client = createAwsClient({ endpoint: stack.aws.url, accessKeyId, secretAccessKey, region: REGIONS[0] });
  const policy = keyPolicy("grant-template", owner.id, {
    vendorAccountId: stack.vendor.accountId,
    vendorPrincipalArn: stack.vendor.principalArn,
    accountIds: [accountId],
  });
  const answer = await client.kms("CreateKey", { Description: "Backups of Cobalt Health", Policy: JSON.stringify(policy) });
  if (answer.status !== 200) throw new Error(`CreateKey: ${answer.body["__type"]} ${answer.body["message"] ?? ""}`);
  return (answer.body["KeyMetadata"] as { Arn: string }).Arn;
}

async function register(admin: Session, stack: Stack, accountId: string): Promise<string> {
  const location = join(stack.layout.sources, "cobalt-health");
  const isThere = await access(join(location, "ContentVersion.csv")).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeSalesforceExport({ directory: location, bytes: EXPORT_BYTES, seed: EXPORT_SEED });
  const input = { accountId, name: "Salesforce weekly export", kind: "SALESFORCE_EXPORT", location } as const;
  const { source } = payload("registerBackupSource", await registerBackupSource(admin, input));
  if (!source) throw new Error("registerBackupSource answered no source");
  return source.id;
}

async function backUp(admin: Session, accountId: string, sourceId: string, signal: AbortSignal): Promise<void> {
  const { backup } = payload("startBackup", await startBackup(admin, { accountId, sourceId }));
  if (!backup) throw new Error("startBackup answered no backup");
  for (;;) {
    const answer = await readJob(admin, "backup", backup.id);
    const job = answer.ok ? answer.data.node : null;
    if (job?.status === "SUCCEEDED") return;
    if (job && isFinal(job)) throw new Error(`the first backup ended ${job.status}: ${job.problem?.code ?? "without a problem"}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function payload<K extends string, P extends { readonly userErrors: readonly UserError[] }>(
  mutation: K,
  answer: Answer<Record<K, P>>,
): P {
  if (!answer.ok) throw new Error(`${mutation}: ${answer.error.code} ${answer.error.message}`);
  const [error] = answer.data[mutation].userErrors;
  if (error) throw new Error(`${mutation}: ${error.code} ${error.message}`);
  return answer.data[mutation];
}
