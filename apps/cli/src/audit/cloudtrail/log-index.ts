import type { AuditEvent, KmsIntent } from "@ekm/ekm";

/** The entry that names a request. */
export interface RequestOfEntry {
  readonly requestId: string;
  readonly accountId: string;
  readonly sequence: number;
  readonly at: Date;
  readonly action: string;
  readonly outcome: string;
}

/** What the log says of AWS requests, and when each account had a job. */
export class LogIndex {
  readonly requests = new Map<string, RequestOfEntry>();
  /** Of requests that are traced in the database, and in no entry: the purpose. */
  readonly traced = new Map<string, string>();
  readonly #jobs = new Map<string, Map<string, { from: number; to: number }>>();
  readonly #windows = new Map<string, readonly Window[]>();

  addEntry({ accountId, sequence, at, action, outcome, subject, awsRequestIds }: AuditEvent): void {
    for (const requestId of awsRequestIds) this.requests.set(requestId, { requestId, accountId, sequence, at, action, outcome });
    let jobs = this.#jobs.get(accountId);
    if (jobs === undefined) {
      jobs = new Map();
      this.#jobs.set(accountId, jobs);
    }
    if (subject === undefined || !JOB_ACTIONS.has(action)) return;
    const job = jobs.get(subject);
    // The first entry is the request; until there is another the job may be under way.
    if (job === undefined) jobs.set(subject, { from: at.getTime(), to: Number.POSITIVE_INFINITY });
    else job.to = at.getTime();
  }

  addIntent({ purpose, awsRequestIds }: KmsIntent): void {
    for (const requestId of awsRequestIds) this.traced.set(requestId, purpose);
  }

  knows(accountId: string): boolean {
    return this.#jobs.has(accountId);
  }

  /**
   * Whether a backup, restore or verification of the account was requested before `at` and had not ended, give or take a minute:
   * clocks differ, CloudTrail has whole seconds, and a job's entry is written a moment before or after its calls.
   */
  hadJob(accountId: string, at: Date): boolean {
    const windows = this.#windowsOf(accountId);
    let [low, high] = [0, windows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((windows[middle]?.from ?? 0) <= at.getTime()) low = middle + 1;
      else high = middle;
    }
    const last = windows[low - 1];
    return last !== undefined && at.getTime() <= last.to;
  }

  /** The account's jobs as times without overlap, ascending. */
  #windowsOf(accountId: string): readonly Window[] {
    const known = this.#windows.get(accountId);
    if (known !== undefined) return known;
    const windows: { from: number; to: number }[] = [];
    const jobs = [...(this.#jobs.get(accountId)?.values() ?? [])].sort((a, b) => a.from - b.from);
    for (const { from, to } of jobs) {
      const last = windows.at(-1);
      if (last !== undefined && from - SLACK_MS <= last.to) last.to = Math.max(last.to, to + SLACK_MS);
      else windows.push({ from: from - SLACK_MS, to: to + SLACK_MS });
    }
    this.#windows.set(accountId, windows);
    return windows;
  }
}

interface Window {
  readonly from: number;
  readonly to: number;
}

const SLACK_MS = 60_000;
const JOB_ACTIONS: ReadonlySet<string> = new Set(["BACKUP", "RESTORE", "VERIFICATION"]);
