// Invariant: for every state an account can be in, support gets a ticket's text that names the cause and the way out, and holds
// nothing that must not leave the house. The texts themselves are files, to be read as a customer would: test/tickets.
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Account, AccountEkm, Backup, CaseFile, KeyHealth, KeyRotation, Problem, Restore } from "../src/index.js";
import { DIAGNOSIS_STATES, type DiagnosisState, diagnose, ERROR_CODES, MAX_TICKET_LENGTH, problem } from "../src/index.js";

const NOW = new Date("2026-01-05T08:00:00.000Z");
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const KEY = "arn:aws:kms:eu-west-1:444455556666:key/11111111-1111-1111-1111-111111111111";
const NEXT = "arn:aws:kms:eu-west-1:444455556666:key/22222222-2222-2222-2222-222222222222";
const VENDOR_KEY = "arn:aws:kms:eu-west-1:111122223333:key/99999999-9999-9999-9999-999999999999";
const SECRETS = ["/data/crm/payroll.csv", "CRM of the board", "/restores/board", "stolen laptop of the CEO", "Payroll"];

const activation = { activatedAt: ago(60 * 24 * 40), activatedBy: "sam@support", ticket: "SUP-4711" };
const enabled = {
  activation,
  acceptance: { version: "1", sha256: "0".repeat(64), acceptedBy: "ada", acceptedAt: ago(60 * 24 * 39) },
  key: { arn: KEY, multiRegion: false, enabledAt: ago(60 * 24 * 39), warnings: [] },
};
const accountIn = (ekm: AccountEkm, more: Partial<Account> = {}): Account => ({
  id: "acc_01ACME",
  name: "Acme",
  createdAt: ago(60 * 24 * 41),
  ekm,
  vendorKey: { arn: VENDOR_KEY, createdAt: ago(60 * 24 * 41) },
  keyEpoch: 1,
  version: 1,
  ...more,
});
const ENABLED = accountIn({ status: "ENABLED", ...enabled });
const ROTATING = accountIn({ status: "ROTATING", ...enabled, rotationId: "rot_1" });
const LOCKED = { lockedAt: ago(90), lockedBy: "ada@acme.example", reason: SECRETS[3] ?? "" };

const health = (state: KeyHealth["state"], more: Partial<KeyHealth> = {}): KeyHealth => ({
  id: "hlt_1",
  accountId: "acc_01ACME",
  keyArn: KEY,
  state,
  since: ago(45),
  warnings: [],
  checkedAt: ago(1),
  lastUsableAt: ago(46),
  ...more,
});
const HEALTHY = health("HEALTHY", { since: ago(10), lastUsableAt: ago(1) });
const refusal = (code: Problem["code"], more: Partial<Problem> = {}) =>
  problem(code, {
    keyArn: KEY,
    awsErrorName: "KMSInvalidStateException",
    awsRequestId: "9f0c1a2b-0000-4000-8000-000000000001",
    ...more,
  });

const job = (status: Backup["status"], minutes: number, failure?: Problem) => ({
  accountId: "acc_01ACME",
  status,
  progress: { bytesDone: 0n, itemsDone: 0n },
  createdAt: ago(minutes + 1),
  finishedAt: ago(minutes),
  requestedBy: "olga",
  ...(failure === undefined ? {} : { problem: { ...failure, message: `${failure.message} ${SECRETS[0]}` } }),
});
const backup = (n: number, status: Backup["status"], minutes: number, failure?: Problem): Backup => ({
  ...job(status, minutes, failure),
  id: `bkp_${n}`,
  sourceId: "src_1",
  createdUnder: "ENTERPRISE",
  generation: 1,
});
const restore = (n: number, status: Restore["status"], minutes: number, failure?: Problem): Restore => ({
  ...job(status, minutes, failure),
  id: `rst_${n}`,
  backupId: "bkp_1",
  target: SECRETS[2] ?? "",
  overwrite: false,
  bytesReleased: 0n,
});
const rotation = (status: KeyRotation["status"], more: Partial<KeyRotation> = {}): KeyRotation => ({
  id: "rot_1",
  accountId: "acc_01ACME",
  fromArn: KEY,
  toArn: NEXT,
  toMultiRegion: false,
  toWarnings: [],
  status,
  rewrapped: 2,
  total: 5,
  startedAt: ago(120),
  startedBy: "ada",
  acceptsLoss: false,
  ...more,
});

/** A case file of which only the interesting is said. Jobs that failed are listed among the failed ones by themselves. */
function caseOf(more: Partial<CaseFile>): CaseFile {
  const backups = more.backups ?? [backup(1, "SUCCEEDED", 60 * 24)];
  const restores = more.restores ?? [];
  return {
    now: NOW,
    settings: { healthIntervalSeconds: 60 },
    account: ENABLED,
    health: HEALTHY,
    rotation: null,
    generationFailures: [],
    wraps: [
      { generation: 1, keyArn: KEY, state: "CURRENT" },
      { generation: 2, keyArn: KEY, state: "CURRENT" },
    ],
    backupsByGeneration: new Map([
      [1, 30n],
      [2, 12n],
    ]),
    ...more,
    backups,
    restores,
    failedBackups: backups.filter(({ status }) => status === "FAILED"),
    failedRestores: restores.filter(({ status }) => status === "FAILED"),
  };
}

const unusable = (failure: Problem, more: Partial<CaseFile> = {}) =>
  caseOf({
    health: health("UNUSABLE", { problem: failure }),
    backups: [backup(3, "FAILED", 20, failure), backup(2, "FAILED", 40, failure), backup(1, "SUCCEEDED", 60 * 24)],
    ...more,
  });
const cloud = (more: Partial<CaseFile>) =>
  caseOf({ health: null, wraps: [{ generation: 1, keyArn: VENDOR_KEY, state: "CURRENT" }], ...more });

const CASES: Readonly<Record<string, readonly [DiagnosisState, CaseFile]>> = {
  "not-activated": ["NOT_ACTIVATED", cloud({ account: accountIn({ status: "NOT_ACTIVATED" }) })],
  "activation-lapsed": ["ACTIVATION_LAPSED", cloud({ account: accountIn({ status: "NOT_ACTIVATED", lapsedAt: ago(60 * 24) }) })],
  "activation-unused": [
    "ACTIVATION_UNUSED",
    cloud({ account: accountIn({ status: "ACTIVATED", activation: { ...activation, expiresAt: ago(-60 * 24 * 3) } }) }),
  ],
  well: ["WELL", caseOf({})],
  "key-disabled": ["KEY_UNUSABLE", unusable(refusal("KEY_DISABLED", { awsErrorName: "DisabledException" }))],
  "key-pending-deletion": [
    "KEY_PENDING_DELETION",
    unusable(refusal("KEY_PENDING_DELETION"), {
      health: health("UNUSABLE", { problem: refusal("KEY_PENDING_DELETION"), deletionDate: ago(-60 * 24 * 6) }),
    }),
  ],
  "key-pending-deletion-date-unknown": ["KEY_PENDING_DELETION", unusable(refusal("KEY_PENDING_DELETION"))],
  "key-pending-deletion-while-locked": [
    "KEY_PENDING_DELETION",
    caseOf({
      account: { ...ENABLED, keyLock: LOCKED },
      health: health("LOCKED", { problem: problem("KEYS_LOCKED"), deletionDate: ago(-60 * 24 * 6) }),
    }),
  ],
  "key-material-missing": ["KEY_UNUSABLE", unusable(refusal("KEY_PENDING_IMPORT"))],
  "key-not-found": ["KEY_UNUSABLE", unusable(refusal("KEY_NOT_FOUND", { awsErrorName: "NotFoundException" }))],
  "key-access-denied": [
    "KEY_UNUSABLE",
    unusable(
      refusal("KEY_ACCESS_DENIED", {
        awsErrorName: "AccessDeniedException",
        possibleCauses: ["The key policy was changed.", "The key was deleted.", "The AWS account is suspended or closed."],
      }),
    ),
  ],
  "aws-account-suspended": ["KEY_UNUSABLE", unusable(refusal("AWS_ACCOUNT_SUSPENDED"))],
  "key-of-another-use": ["KEY_UNUSABLE", unusable(refusal("KEY_USAGE_UNSUPPORTED"))],
  "external-key-disabled": ["KEY_UNUSABLE", unusable(refusal("EXTERNAL_KEY_DISABLED"))],
  "external-key-not-found": ["KEY_UNUSABLE", unusable(refusal("EXTERNAL_KEY_NOT_FOUND"))],
  "external-key-denied": ["KEY_UNUSABLE", unusable(refusal("EXTERNAL_KEY_DENIED"))],
  "account-key-unreadable": [
    "KEY_UNUSABLE",
    unusable(refusal("ACCOUNT_KEY_UNREADABLE", { awsErrorName: "InvalidCiphertextException" })),
  ],
  "answer-invalid": ["KEY_UNUSABLE", unusable(problem("KMS_ANSWER_INVALID", { keyArn: KEY }))],
  throttled: [
    "KEY_DEGRADED",
    caseOf({ health: health("DEGRADED", { problem: refusal("KMS_THROTTLED", { awsErrorName: "ThrottlingException" }) }) }),
  ],
  unreachable: ["KEY_DEGRADED", caseOf({ health: health("DEGRADED", { problem: problem("KMS_UNREACHABLE", { keyArn: KEY }) }) })],
  "external-key-store-unreachable": [
    "KEY_DEGRADED",
    caseOf({ health: health("DEGRADED", { problem: refusal("EXTERNAL_KEY_STORE_UNREACHABLE") }) }),
  ],
  "vendor-fault": [
    "KEY_DEGRADED",
    caseOf({ health: health("DEGRADED", { problem: refusal("VENDOR_AWS_FAULT", { awsErrorName: "OptInRequired" }) }) }),
  ],
  locked: [
    "KEYS_LOCKED",
    caseOf({
      account: { ...ENABLED, keyLock: LOCKED },
      health: health("LOCKED", { problem: problem("KEYS_LOCKED") }),
      backups: [backup(2, "FAILED", 20, problem("KEYS_LOCKED")), backup(1, "SUCCEEDED", 60 * 24)],
    }),
  ],
  unknown: ["KEY_UNKNOWN", caseOf({ health: health("UNKNOWN", { checkedAt: ago(60), lastUsableAt: ago(60) }) })],
  "never-probed": ["KEY_UNKNOWN", caseOf({ health: null })],
  "rotation-paused-by-admin": [
    "ROTATION_PAUSED",
    caseOf({ account: ROTATING, rotation: rotation("PAUSED", { pausedBy: "ADMIN", pausedAt: ago(30) }) }),
  ],
  "rotation-paused-by-new-key": [
    "ROTATION_PAUSED",
    caseOf({
      account: ROTATING,
      rotation: rotation("PAUSED", { pausedBy: "KEY", pausedAt: ago(30), problem: refusal("KEY_DISABLED", { keyArn: NEXT }) }),
    }),
  ],
  "rotation-paused-by-former-key": [
    "KEY_UNUSABLE",
    unusable(refusal("KEY_DISABLED"), {
      account: ROTATING,
      rotation: rotation("PAUSED", { pausedBy: "KEY", pausedAt: ago(30), problem: refusal("KEY_DISABLED") }),
    }),
  ],
  "rotation-held-up": [
    "KEY_DEGRADED",
    caseOf({ account: ROTATING, rotation: rotation("RUNNING", { problem: refusal("KMS_THROTTLED") }) }),
  ],
  "rotation-failed": [
    "ROTATION_FAILED",
    caseOf({
      rotation: rotation("FAILED", { finishedAt: ago(100), problem: refusal("ACCOUNT_KEY_UNREADABLE") }),
      generationFailures: [
        { rotationId: "rot_1", generation: 1, backups: 30n, problem: refusal("ACCOUNT_KEY_UNREADABLE") },
        { rotationId: "rot_1", generation: 4, backups: 1n, problem: refusal("ACCOUNT_KEY_UNREADABLE") },
      ],
    }),
  ],
  "backups-left-behind": [
    "BACKUPS_LEFT_BEHIND",
    caseOf({
      wraps: [
        {
          generation: 1,
          keyArn: "arn:aws:kms:eu-west-1:444455556666:key/33333333-3333-3333-3333-333333333333",
          state: "CURRENT",
        },
        { generation: 2, keyArn: KEY, state: "CURRENT" },
      ],
    }),
  ],
  "backups-left-when-enabling": [
    "BACKUPS_LEFT_BEHIND",
    caseOf({
      wraps: [
        { generation: 1, keyArn: VENDOR_KEY, state: "CURRENT" },
        { generation: 2, keyArn: KEY, state: "CURRENT" },
      ],
    }),
  ],
  "source-unavailable": [
    "JOBS_FAILING",
    caseOf({ backups: [backup(2, "FAILED", 20, problem("SOURCE_UNAVAILABLE")), backup(1, "SUCCEEDED", 60 * 24)] }),
  ],
  "storage-full": [
    "JOBS_FAILING",
    caseOf({
      backups: [backup(2, "FAILED", 20, problem("STORAGE_FULL"))],
      restores: [restore(1, "FAILED", 30, problem("STORAGE_FULL"))],
    }),
  ],
  "backup-corrupt": ["JOBS_FAILING", caseOf({ restores: [restore(1, "FAILED", 30, problem("BACKUP_CORRUPT"))] })],
  "restore-target-invalid": ["JOBS_FAILING", caseOf({ restores: [restore(1, "FAILED", 30, problem("RESTORE_TARGET_INVALID"))] })],
  "our-own-key-unreachable": [
    "JOBS_FAILING",
    cloud({
      account: accountIn({ status: "NOT_ACTIVATED" }),
      backups: [backup(2, "FAILED", 20, problem("KMS_UNREACHABLE", { keyArn: VENDOR_KEY }))],
    }),
  ],
  "jobs-to-repeat": [
    "JOBS_TO_REPEAT",
    caseOf({
      backups: [backup(2, "FAILED", 20, refusal("KEY_DISABLED")), backup(1, "SUCCEEDED", 60 * 24)],
      restores: [restore(1, "FAILED", 25, refusal("KEY_DISABLED"))],
    }),
  ],
};

describe.each(Object.entries(CASES))("%s", (name, [state, file]) => {
  const { ticketText, ...diagnosis } = diagnose(file);

  it("is told as it stands in its file", async () => {
    expect(diagnosis.state).toBe(state);
    await expect(ticketText).toMatchFileSnapshot(`tickets/${name}.txt`);
  });

  it("keeps names, places, reasons and stored messages to itself", () => {
    const everything = JSON.stringify({ ticketText, diagnosis }, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    for (const secret of SECRETS) expect(everything).not.toContain(secret);
  });
});

it("every state has a ticket's text, and every text a case", () => {
  expect([...new Set(Object.values(CASES).map(([state]) => state))].sort()).toEqual([...DIAGNOSIS_STATES].sort());
  expect(readdirSync(new URL("tickets/", import.meta.url)).sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});

it.each(ERROR_CODES)("%s says what to do, or that there is nothing to do, wherever it turns up", (code) => {
  const failure = refusal(code);
  for (const file of [
    unusable(failure),
    caseOf({ health: health("DEGRADED", { problem: failure }) }),
    caseOf({ backups: [backup(2, "FAILED", 20, failure)] }),
    caseOf({ account: ROTATING, rotation: rotation("PAUSED", { pausedBy: "KEY", problem: failure }) }),
    caseOf({ rotation: rotation("FAILED", { finishedAt: ago(5), problem: failure }) }),
  ]) {
    const { ticketText, supportSteps } = diagnose(file);
    expect(ticketText).toContain(code);
    expect(supportSteps.length).toBeGreaterThan(0);
    expect(ticketText).not.toMatch(/undefined|NaN|\[object/);
  }
});

it("is bounded and in one piece of plain text, however much is the matter and whatever is written in a name", () => {
  const codes = ERROR_CODES;
  const failing = codes.map((code, n) => ({
    ...backup(n, "FAILED", n, refusal(code, { awsErrorName: "x\n\u202e".repeat(500) })),
    sourceId: `src_${n}`,
  }));
  const failures = codes.map((code, n) => ({ rotationId: "rot_1", generation: n + 1, backups: 1n, problem: refusal(code) }));
  const { ticketText, causes, customerSteps } = diagnose(
    unusable(
      refusal("KEY_ACCESS_DENIED", {
        awsErrorName: `A\n\u202e${"x".repeat(500)}`,
        possibleCauses: Array.from({ length: 50 }, () => "y".repeat(5000)),
      }),
      {
        account: { ...ENABLED, name: "\u0007A\nme".repeat(100), keyLock: { ...LOCKED, lockedBy: "z\n".repeat(5000) } },
        backups: failing,
        rotation: rotation("FAILED", { finishedAt: ago(1), problem: refusal("INTERNAL") }),
        generationFailures: failures,
      },
    ),
  );
  expect(ticketText.length).toBeLessThanOrEqual(MAX_TICKET_LENGTH);
  expect(ticketText).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(ticketText).toMatch(/\n$/);
  expect(ticketText.split("\n").filter((line) => line.length > 1_000)).toEqual([]);
  expect(causes.length).toBeLessThanOrEqual(20);
  expect(customerSteps.length).toBeLessThanOrEqual(30);
});

it("repairs come before looking whether they helped, and starting again comes last", () => {
  const steps = diagnose(CASES["rotation-paused-by-former-key"]?.[1] ?? caseOf({})).customerSteps.map(({ text }) => text);
  expect(steps[0]).toContain("Enable");
  expect(steps.at(-2)).toContain("Check key now");
  expect(steps.at(-1)).toContain("Start the backups and restores");
});

it("what is gravest comes first, whatever else is the matter", () => {
  const failed = [backup(2, "FAILED", 20, problem("SOURCE_UNAVAILABLE"))];
  const degraded = health("DEGRADED", { problem: refusal("KMS_THROTTLED") });
  const rotated = rotation("FAILED", { finishedAt: ago(100), problem: refusal("ACCOUNT_KEY_UNREADABLE") });
  const cases = [
    caseOf({ health: degraded, rotation: rotated, backups: failed }),
    caseOf({ health: health("UNKNOWN"), backups: failed }),
    cloud({ account: accountIn({ status: "NOT_ACTIVATED" }, { keyLock: LOCKED }), backups: failed }),
  ];
  expect(cases.map((file) => diagnose(file).state)).toEqual(["ROTATION_FAILED", "JOBS_FAILING", "KEYS_LOCKED"]);
  for (const file of cases) expect(diagnose(file).ticketText).toContain("SOURCE_UNAVAILABLE");
});

it("says so when there are more failures than were counted", () => {
  const many = Array.from({ length: 100 }, (_, n) => backup(n, "FAILED", n, refusal("KEY_DISABLED")));
  expect(diagnose(unusable(refusal("KEY_DISABLED"), { backups: many })).ticketText).toContain("only the latest 100");
});

it("an old failure, and one that was made good since, is no news", () => {
  const failure = problem("SOURCE_UNAVAILABLE");
  const old = caseOf({ backups: [backup(1, "FAILED", 60 * 24 * 31, failure)] });
  const madeGood = caseOf({ backups: [backup(2, "SUCCEEDED", 5), backup(1, "FAILED", 20, failure)] });
  const cancelled = caseOf({ backups: [backup(2, "CANCELLED", 5), backup(1, "FAILED", 20, failure)] });
  expect([old, madeGood, cancelled].map((file) => diagnose(file).state)).toEqual(["WELL", "WELL", "JOBS_FAILING"]);
  expect(diagnose(old).failedJobs).toEqual([]);
  expect(diagnose(madeGood).failedJobs).toMatchObject([{ code: "SOURCE_UNAVAILABLE", backups: 1, restores: 0 }]);
});

it("counts the backups that are at risk: all under a key that refuses, else those left behind", () => {
  const atRisk = (name: string) => diagnose(CASES[name]?.[1] ?? caseOf({})).backupsAtRisk;
  expect(["key-disabled", "locked", "backups-left-behind", "throttled", "well"].map(atRisk)).toEqual([42n, 42n, 30n, 0n, 0n]);
});
