import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeSalesforceExport } from "../data/salesforce-export.js";
import { accepted } from "../product/accepted.js";
import { activateEkm, createAccount, readAccount, readTermsVersion } from "../product/accounts.js";
import { createSession, type Session } from "../product/graphql.js";
import { readJob, registerBackupSource, startBackup } from "../product/jobs.js";
import { enableEkm } from "../product/keys.js";
import type { Role } from "../product/types.js";
import { isFinal } from "../runner/jobs.js";
import type { Stack } from "../stack/stack.js";
import { bringAbout } from "./bring-about.js";
import { customerAws } from "./customer-aws.js";
import { DEMO_ACCOUNTS, type DemoAccountSpec, slugOf } from "./demo-accounts.js";
import type { DemoAccountState, DemoStateFile } from "./demo-state.js";

export interface DemoAccount extends DemoAccountSpec {
  readonly id: string;
  readonly keyArn?: string;
}

const EXPORT_BYTES = 20_000_000;
const SMALL_EXPORT_BYTES = 1_000_000;
const EXPORT_SEED = 7;
const POLL_MS = 100;
/** Accounts that are made at a time. */
const LANES = 4;

interface Demo {
  readonly stack: Stack;
  readonly file: DemoStateFile;
  readonly signal: AbortSignal;
  session(role: Role, accountId?: string): Promise<Session>;
}

/** Creates whatever is not there yet, through the doors that anybody uses: GraphQL as support and admin, AWS as the key's owner. */
export async function setUpDemo(stack: Stack, file: DemoStateFile, signal: AbortSignal): Promise<readonly DemoAccount[]> {
  const session = async (role: Role, id?: string): Promise<Session> =>
    createSession(stack.gatewayUrl, await stack.tokens.token(role, id), () => signal);
  const demo: Demo = { stack, file, signal, session };
  const made = new Map<string, DemoAccount>();
  const waiting = [...DEMO_ACCOUNTS];
  const lane = async (): Promise<void> => {
    for (let spec = waiting.shift(); spec; spec = waiting.shift()) made.set(spec.name, await setUpAccount(demo, spec));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return DEMO_ACCOUNTS.flatMap(({ name }) => made.get(name) ?? []);
}

async function setUpAccount({ stack, file, signal, session }: Demo, spec: DemoAccountSpec): Promise<DemoAccount> {
  const { name, situation } = spec;
  const support = await session("SUPPORT");
  const known = file.state.accounts[name];
  let state: DemoAccountState = known && (await exists(support, known.id)) ? known : await create(support, name);
  const save = async (more: Partial<DemoAccountState>): Promise<void> => {
    state = { ...state, ...more };
    await file.save(name, state);
  };
  await save({});
  const isEnabled = situation !== "not activated" && situation !== "activated";
  if (state.isSet) return view(spec, state);

  if (situation !== "not activated") await activate(support, state.id);
  if (isEnabled) {
    const admin = await session("ACCOUNT_ADMIN", state.id);
    const aws = await customerAws(stack, slugOf(name), state.id);
    if (state.keyArn === undefined) await save({ keyArn: await aws.createKey(`Backups of ${name}`) });
    const keyArn = state.keyArn ?? "";
    await enable(admin, state.id, keyArn);
    if (state.sourceId === undefined) await save({ sourceId: await register(admin, stack, state.id, spec) });
    if (!state.hasBackup) {
      await backUp(admin, state.id, state.sourceId ?? "", signal);
      await save({ hasBackup: true });
    }
    const nextKeyArn = async (): Promise<string> => {
      if (state.nextKeyArn === undefined) await save({ nextKeyArn: await aws.createKey(`Backups of ${name}, next`) });
      return state.nextKeyArn ?? "";
    };
    await bringAbout(situation, { stack, admin, aws, accountId: state.id, keyArn, nextKeyArn, signal });
  }
  await save({ isSet: true });
  return view(spec, state);
}

const view = (spec: DemoAccountSpec, { id, keyArn }: DemoAccountState): DemoAccount => ({
  ...spec,
  id,
  ...(keyArn === undefined ? {} : { keyArn }),
});

async function exists(support: Session, id: string): Promise<boolean> {
  const answer = await readAccount(support, id);
  return answer.ok && answer.data.account !== null;
}

async function create(support: Session, name: string): Promise<DemoAccountState> {
  const { account } = accepted("createAccount", await createAccount(support, { name }));
  if (!account) throw new Error("createAccount answered no account");
  return { id: account.id, hasBackup: false, isSet: false };
}

async function activate(support: Session, id: string): Promise<void> {
  const answer = await readAccount(support, id);
  if (answer.ok && answer.data.account?.ekm) return;
  accepted("activateEkm", await activateEkm(support, { accountId: id, ticket: "DEMO-1" }));
}

async function enable(admin: Session, id: string, keyArn: string): Promise<void> {
  const account = await readAccount(admin, id);
  if (account.ok && account.data.account?.ekm?.key) return;
  const terms = await readTermsVersion(admin, id);
  const acceptedTermsVersion = terms.ok ? terms.data.account?.ekm?.terms.version : undefined;
  if (acceptedTermsVersion === undefined) throw new Error("the product shows no legal terms to accept");
  accepted("enableEkm", await enableEkm(admin, { accountId: id, keyArn, acceptedTermsVersion, confirmIrreversible: true }));
}

async function register(admin: Session, stack: Stack, accountId: string, { name, situation }: DemoAccountSpec): Promise<string> {
  const location = join(stack.layout.sources, accountId, slugOf(name));
  const isThere = await access(join(location, "ContentVersion.csv")).then(
    () => true,
    () => false,
  );
  const bytes = situation === "enabled" ? EXPORT_BYTES : SMALL_EXPORT_BYTES;
  if (!isThere) await writeSalesforceExport({ directory: location, bytes, seed: EXPORT_SEED });
  const input = { accountId, name: "Salesforce weekly export", kind: "SALESFORCE_EXPORT", location } as const;
  const { source } = accepted("registerBackupSource", await registerBackupSource(admin, input));
  if (!source) throw new Error("registerBackupSource answered no source");
  return source.id;
}

async function backUp(admin: Session, accountId: string, sourceId: string, signal: AbortSignal): Promise<void> {
  const { backup } = accepted("startBackup", await startBackup(admin, { accountId, sourceId }));
  if (!backup) throw new Error("startBackup answered no backup");
  for (;;) {
    const answer = await readJob(admin, "backup", backup.id);
    const job = answer.ok ? answer.data.node : null;
    if (job?.status === "SUCCEEDED") return;
    if (job && isFinal(job)) throw new Error(`the first backup ended ${job.status}: ${job.problem?.code ?? "without a problem"}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
