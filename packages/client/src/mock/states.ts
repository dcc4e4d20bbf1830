import { type TopLevelCode, topLevelCodes } from "../errors/request-failure.js";
import {
  auditActions,
  auditOutcomes,
  errorCodes,
  jobStatuses,
  type KnownAccountEventKind,
  type KnownErrorCode,
  type KnownJobStatus,
  webhookDeliveryStates,
  webhookDisabledReasons,
} from "../generated/vocabulary.js";
import {
  activate,
  addBackup,
  addDelivery,
  addRestore,
  addRotation,
  addSource,
  addVerification,
  addWebhook,
  completeRotation,
  enable,
  KEY_ARN,
  NEXT_KEY_ARN,
} from "./fixtures.js";
import { degradedCauses, jobProblems, problem, unusableCauses } from "./problems.js";
import { type AccountRecord, createAccount, DAY, note, OWN_ACCOUNT_ID, observe, type World } from "./world.js";

export type MockArea =
  | "lifecycle"
  | "health"
  | "rotation"
  | "jobs"
  | "webhooks"
  | "lists"
  | "support"
  | "callers"
  | "answers"
  | "refusals";

/** How the mock answers, whatever is asked. */
export interface MockAnswers {
  readonly delayMs?: number;
  readonly topLevel?: TopLevelCode;
  readonly offline?: boolean;
}

export interface MockStateDefinition {
  readonly area: MockArea;
  readonly title: string;
  /** From an account in Cloud Key Management, as it was created, with one source and one backup. */
  readonly build?: (world: World, account: AccountRecord) => void;
  readonly answers?: MockAnswers;
  /** What listeners hear when the mock changes to this state. */
  readonly event?: KnownAccountEventKind;
}

const SLOW_MS = 3_000;

const enabled = (then: (world: World, account: AccountRecord) => void) => (world: World, account: AccountRecord) => {
  enable(world, account);
  then(world, account);
};

const each = <Prefix extends string, Code extends string>(
  prefix: Prefix,
  codes: readonly Code[],
  define: (code: Code) => MockStateDefinition,
) =>
  Object.fromEntries(codes.map((code) => [`${prefix}.${code}`, define(code)])) as Record<
    `${Prefix}.${Code}`,
    MockStateDefinition
  >;

const health = (title: string, build: (world: World, account: AccountRecord) => void): MockStateDefinition => ({
  area: "health",
  title,
  build: enabled(build),
  event: "KEY_HEALTH_CHANGED",
});

const unusable = (world: World, account: AccountRecord, code: KnownErrorCode) =>
  observe(world, account, "UNUSABLE", { code, deletionDate: code === "KEY_PENDING_DELETION" ? world.time(-7 * DAY) : null });

const rotation = (title: string, build: (world: World, account: AccountRecord) => void): MockStateDefinition => ({
  area: "rotation",
  title,
  build: enabled(build),
  event: "ROTATION_CHANGED",
});

const webhooks = (title: string, build: (world: World, account: AccountRecord) => void): MockStateDefinition => ({
  area: "webhooks",
  title,
  build: enabled(build),
});

/** A backup, a restore and a verification of each kind that can end so. */
function failedJobs(world: World, account: AccountRecord, code: KnownErrorCode): void {
  const [good] = account.backups;
  const [source] = account.sources;
  if (good === undefined || source === undefined) return;
  const failed = { status: "FAILED", code, ago: 600 } as const;
  if (code !== "BACKUP_CORRUPT" && code !== "RESTORE_TARGET_INVALID") addBackup(world, account, source, failed);
  if (code !== "SOURCE_UNAVAILABLE") addRestore(world, account, good, failed);
  if (code !== "SOURCE_UNAVAILABLE" && code !== "RESTORE_TARGET_INVALID") addVerification(world, account, good, failed);
}

function jobsOf(world: World, account: AccountRecord, status: KnownJobStatus): void {
  const [good] = account.backups;
  const [source] = account.sources;
  if (good === undefined || source === undefined) return;
  addBackup(world, account, source, { status, ago: 300 });
  addRestore(world, account, good, { status, ago: 240 });
  addVerification(world, account, good, { status, ago: 180 });
}

function longLists(world: World, account: AccountRecord): void {
  for (let n = 1; n <= 45; n += 1) addSource(world, account, `Share ${n}`);
  const [source] = account.sources;
  if (source === undefined) return;
  for (let n = 0; n < 130; n += 1) {
    const ago = (130 - n) * 3600;
    const status = n % 10 === 0 ? "FAILED" : "SUCCEEDED";
    const backup = addBackup(world, account, source, {
      status,
      ago,
      ...(status === "FAILED" && { code: "KEY_DISABLED" as const }),
    });
    if (n % 3 === 1) addRestore(world, account, backup, { status: "SUCCEEDED", ago: ago - 600 });
    if (n % 5 === 1) addVerification(world, account, backup, { status: "SUCCEEDED", ago: ago - 900 });
    observe(world, account, n % 2 === 0 ? "DEGRADED" : "HEALTHY", {
      ago,
      ...(n % 2 === 0 && { code: "KMS_THROTTLED" as const }),
    });
    const action = auditActions[n % auditActions.length] ?? "BACKUP";
    note(world, account, action, `Sample entry ${n}.`, { ago, outcome: auditOutcomes[n % auditOutcomes.length] ?? "DONE" });
  }
  for (let n = 0; n < 25; n += 1) {
    addRotation(world, account, {
      status: "CANCELLED",
      startedAt: world.time((60 - n) * DAY),
      finishedAt: world.time((60 - n) * DAY - 60),
    });
  }
  observe(world, account, "HEALTHY");
  const webhook = addWebhook(world, account);
  for (let n = 0; n < 40; n += 1) addDelivery(world, webhook, n % 9 === 0 ? "FAILED" : "DELIVERED");
}

function supportAccounts(world: World): void {
  Object.assign(world.caller, { subject: "support@example.com", roles: ["SUPPORT"], accountId: null });
  for (let n = 1; n <= 60; n += 1) {
    const account = createAccount(world, `Customer ${n}`);
    if (n % 4 >= 1) activate(world, account);
    if (n % 4 >= 2) enable(world, account, `arn:aws:kms:eu-west-1:444455556666:key/customer-${n}`);
    if (n % 4 === 3) unusable(world, account, unusableCauses[n % unusableCauses.length] ?? "KEY_DISABLED");
    if (n % 20 === 2) addRotation(world, account, { status: "RUNNING", rewrapped: 2 });
  }
}

/** Names are stable: tools that show every state may link to them. */
export const states = {
  "not-activated": {
    area: "lifecycle",
    title: "Cloud Key Management; support has not activated EKM",
    event: "EKM_ACTIVATION_WITHDRAWN",
  },
  activated: {
    area: "lifecycle",
    title: "Support has activated EKM; the admin has not enabled it",
    build: activate,
    event: "EKM_ACTIVATED",
  },
  "activation-lapsed": {
    area: "lifecycle",
    title: "The activation was not used in time",
    build(world, account) {
      account.lapsed = true;
      note(world, account, "EKM_ACTIVATION_LAPSED", "The activation was not used in time and has lapsed.", { ago: DAY });
    },
    event: "EKM_ACTIVATION_LAPSED",
  },
  enabled: {
    area: "lifecycle",
    title: "Under the customer's key, which is healthy",
    build: (w, a) => enable(w, a),
    event: "EKM_ENABLED",
  },

  "enabled.with-loss": {
    area: "lifecycle",
    title: "Enabled without a generation that nothing opens, by the admin's word",
    build(world, account) {
      enable(world, account);
      account.leftBehind = [{ generation: 1, backups: "3", problem: problem("ACCOUNT_KEY_UNREADABLE") }];
    },
    event: "EKM_ENABLED",
  },

  ...each("degraded", degradedCauses, (code) =>
    health(`Served until the lease ends: ${code}`, (world, account) => void observe(world, account, "DEGRADED", { code })),
  ),
  ...each("unusable", unusableCauses, (code) =>
    health(`Backup and restore fail: ${code}`, (world, account) => void unusable(world, account, code)),
  ),
  "pending-deletion": {
    ...health("AWS will delete the key in seven days", (world, account) => void unusable(world, account, "KEY_PENDING_DELETION")),
    event: "KEY_PENDING_DELETION",
  },
  "health-unknown": health(
    "The key was not probed lately",
    (world, account) => void observe(world, account, "UNKNOWN", { ago: 1200 }),
  ),
  "policy-too-wide": health("Healthy, with a warning about the key policy", (world, account) => {
    observe(world, account, "HEALTHY", { warnings: ["KEY_POLICY_TOO_WIDE"] });
  }),
  locked: {
    ...health("The account's keys are locked on our side", (world, account) => {
      account.keyLock = { lockedAt: world.time(300), lockedBy: world.caller.subject, reason: "Laptop stolen" };
      observe(world, account, "LOCKED", { code: "KEYS_LOCKED", ago: 300 });
    }),
    event: "KEYS_LOCKED",
  },

  "rotation.running": rotation("Two of five generations are under the new key", (world, account) => {
    addRotation(world, account, { status: "RUNNING", rewrapped: 2 });
  }),
  "rotation.paused-by-admin": rotation("Waits until the admin resumes it", (world, account) => {
    addRotation(world, account, { status: "PAUSED", rewrapped: 2, pausedAt: world.time(120) });
  }),
  "rotation.paused-by-key": rotation("The new key refuses; goes on by itself once it does not", (world, account) => {
    const refusal = problem("KEY_ACCESS_DENIED", NEXT_KEY_ARN);
    addRotation(world, account, { status: "PAUSED", rewrapped: 2, pausedAt: world.time(120), problem: refusal });
  }),
  "rotation.throttled": rotation("AWS limits the rate; it goes on slowly", (world, account) => {
    addRotation(world, account, { status: "RUNNING", rewrapped: 1, problem: problem("KMS_THROTTLED", NEXT_KEY_ARN) });
  }),
  "rotation.failed": rotation("Some generations cannot be opened for good; no switch was made", (world, account) => {
    const unreadable = problem("ACCOUNT_KEY_UNREADABLE", account.key?.arn ?? null);
    const failures = [{ generation: 3, backups: "12", problem: unreadable }];
    addRotation(world, account, { status: "FAILED", rewrapped: 4, finishedAt: world.time(60), problem: unreadable, failures });
  }),
  "rotation.completed": rotation("With the certificate of the old key's retirement", (world, account) => {
    completeRotation(world, account, addRotation(world, account, { status: "RUNNING", rewrapped: 5 }));
  }),
  "rotation.with-loss": rotation("Completed; what the lost key alone opened was left behind, by consent", (world, account) => {
    completeRotation(world, account, addRotation(world, account, { status: "RUNNING", rewrapped: 5 }));
    for (const backup of account.backups) Object.assign(backup, { keyArn: KEY_ARN, restorable: false });
  }),
  "rotation.cancelled": rotation("Taken back before the switch", (world, account) => {
    addRotation(world, account, { status: "CANCELLED", finishedAt: world.time(60) });
  }),

  ...each(
    "jobs",
    jobStatuses.filter((status) => status !== "FAILED"),
    (status) => ({
      area: "jobs",
      title: `A backup, a restore and a verification that are ${status}`,
      build: enabled((world, account) => jobsOf(world, account, status)),
      event: "BACKUP_CHANGED",
    }),
  ),
  ...each("jobs.FAILED", jobProblems, (code) => ({
    area: "jobs",
    title: `Jobs that failed: ${code}`,
    build: enabled((world, account) => failedJobs(world, account, code)),
    event: "BACKUP_CHANGED",
  })),

  "webhooks.ACTIVE": webhooks("What is sent arrives", (world, account) => {
    const webhook = addWebhook(world, account);
    for (const state of webhookDeliveryStates) addDelivery(world, webhook, state);
  }),
  "webhooks.FAILING": webhooks("Nothing has arrived for two days", (world, account) => {
    const webhook = addWebhook(world, account, { state: "FAILING", failingSince: world.time(2 * DAY) });
    for (const state of ["FAILED", "PENDING"] as const) addDelivery(world, webhook, state);
  }),
  ...each("webhooks.DISABLED", webhookDisabledReasons, (disabledReason) =>
    webhooks(`Nothing is sent: ${disabledReason}`, (world, account) => {
      addDelivery(world, addWebhook(world, account, { enabled: false, state: "DISABLED", disabledReason }), "FAILED");
    }),
  ),

  "lists.empty": {
    area: "lists",
    title: "Nothing in any list",
    build: enabled((_world, account) => {
      for (const list of [account.backups, account.sources, account.audit, account.rotations]) list.length = 0;
    }),
  },
  "lists.long": { area: "lists", title: "Several pages of everything", build: enabled(longLists) },

  "support.accounts": { area: "support", title: "Support, with sixty accounts in every state", build: supportAccounts },

  ...each("caller", ["ACCOUNT_VIEWER", "BACKUP_OPERATOR"] as const, (role) => ({
    area: "callers",
    title: `The caller's role is ${role}: what it may not do is FORBIDDEN`,
    build: enabled((world) => void Object.assign(world.caller, { subject: "bob@example.com", roles: [role] })),
  })),

  "answers.slow": { area: "answers", title: "Every answer takes three seconds", build: enable, answers: { delayMs: SLOW_MS } },
  ...each("answers", topLevelCodes, (topLevel) => ({
    area: "answers",
    title: `Every answer is the top-level error ${topLevel}`,
    answers: { topLevel },
  })),
  "answers.offline": { area: "answers", title: "No answer comes", answers: { offline: true } },

  ...each("refused", errorCodes, (code) => ({
    area: "refusals",
    title: `Every mutation answers ${code}`,
    build(world, account) {
      enable(world, account);
      world.refusal = code;
    },
  })),
} as const satisfies Record<string, MockStateDefinition>;

export type MockStateName = keyof typeof states;

export interface MockState {
  readonly name: MockStateName;
  readonly area: MockArea;
  readonly title: string;
}

/** Every state that the mock can be in, for galleries of screens and for tests that walk through all. */
export const mockStates: readonly MockState[] = Object.entries(states).map(([name, { area, title }]) => ({
  name: name as MockStateName,
  area,
  title,
}));

export function buildState(world: World, name: MockStateName): void {
  const account = createAccount(world, "Acme", OWN_ACCOUNT_ID);
  note(world, account, "ACCOUNT_CREATED", "The account was created.", { ago: 90 * DAY });
  const source = addSource(world, account);
  note(world, account, "SOURCE_REGISTERED", `The source "${source.name}" was registered.`, { ago: 80 * DAY });
  addBackup(world, account, source, { status: "SUCCEEDED", ago: DAY });
  const { build }: MockStateDefinition = states[name];
  build?.(world, account);
}
