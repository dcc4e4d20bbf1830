import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "@ekm/faults";
import { type AwsAnswer, type AwsClient, createAwsClient } from "@ekm/mock-aws";
import type { Reference } from "../experiments/fields.js";
import { type Moment, type Span, spanMs } from "../experiments/moment.js";
import { createSession, type Session } from "../product/graphql.js";
import type { Role } from "../product/types.js";
import { JobLedger } from "./jobs.js";
import { RefusalLog } from "./measure/refusals.js";
import { type WriteWatch, watchWrites } from "./measure/watch-writes.js";
import { HarnessFailure } from "./outcome.js";
import { RotationLedger } from "./rotations.js";
import type { Target } from "./target.js";

export interface AwsAccountHandle {
  readonly name: string;
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
export interface KeyHandle {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly owner: AwsAccountHandle;
}
export interface AccountHandle {
  readonly name: string;
  readonly id: string;
  /** What the product calls it. */
  readonly productName: string;
  readonly sourceId: string;
  /** The directory that is backed up: generated here, so restores can be compared with it. */
  readonly sourceDirectory: string;
  readonly keyName?: string;
}

/** Everything a step may look at or act on: one per run of an experiment. */
export class World {
  readonly awsAccounts = new Map<string, AwsAccountHandle>();
  readonly keys = new Map<string, KeyHandle>();
  readonly accounts = new Map<string, AccountHandle>();
  readonly jobs: JobLedger;
  readonly rotations: RotationLedger;
  readonly refusals: RefusalLog;
  /** When each labelled act took effect, in milliseconds since 1970. */
  private readonly moments = new Map<string, number>();
  private readonly faults = new Map<string, FaultRule>();
  private readonly undo: (() => Promise<void>)[] = [];
  private restoreCount = 0;

  constructor(
    readonly target: Target,
    /** Unique on the target: names of accounts and directories are made from it. */
    readonly id: string,
    /** Replaced when the rollback begins, for the rollback runs even after an interruption. */
    public signal: AbortSignal,
  ) {
    this.jobs = new JobLedger(this);
    this.rotations = new RotationLedger(this);
    this.refusals = new RefusalLog(target.vendor.accountId);
  }

  account(reference: Reference<"account">): AccountHandle {
    return found(this.accounts.get(reference.name), "product account", reference.name);
  }
  key(reference: Reference<"key">): KeyHandle {
    return found(this.keys.get(reference.name), "key", reference.name);
  }
  awsAccount(reference: Reference<"aws-account">): AwsAccountHandle {
    return found(this.awsAccounts.get(reference.name), "AWS account", reference.name);
  }

  keyArnOf({ keyName }: AccountHandle): string | undefined {
    return keyName === undefined ? undefined : this.keys.get(keyName)?.arn;
  }
  /** As the experiment calls it; the ARN of a key that is none of its own. */
  nameOfKey(arn: string): string {
    return [...this.keys.values()].find((key) => key.arn === arn)?.name ?? arn;
  }

  async session(role: Role, account?: AccountHandle): Promise<Session> {
    const token = await this.target.tokens.token(role, role === "SUPPORT" ? undefined : account?.id);
    if (token === undefined) throw new HarnessFailure(`There is no token for ${role}${account ? ` of ${account.name}` : ""}.`);
    return createSession(this.target.gatewayUrl, token, () => this.signal);
  }

  /** Calls KMS as an account's administrator. An AWS error is a harness failure: the owner may do all that experiments ask. */
  async callAws(owner: AwsAccountHandle, region: string, operation: string, body: Record<string, unknown>): Promise<AwsAnswer> {
    this.signal.throwIfAborted();
    const answer = await this.awsClient(owner, region).kms(operation, body);
    if (answer.status === 200) return answer;
    throw new HarnessFailure(
      `AWS answered ${operation} with ${answer.body["__type"]}: ${answer.body["message"] ?? "no message"}`,
    );
  }
  awsClient(owner: AwsAccountHandle, region: string): AwsClient {
    const { accessKeyId, secretAccessKey } = owner;
    return createAwsClient({ endpoint: this.target.awsEndpoint, accessKeyId, secretAccessKey, region });
  }

  /** A new directory for a restore; it does not exist yet. */
  restoreTarget(): string {
    this.restoreCount += 1;
    return join(this.target.restores, this.id, `restore-${this.restoreCount}`);
  }

  mark(label: string | undefined, at: number): void {
    if (label !== undefined) this.moments.set(label, at);
  }
  momentMs(moment: Moment): number {
    const from = moment.label === undefined ? Date.now() : found(this.moments.get(moment.label), "label", moment.label);
    return from + this.spanMs(moment.plus);
  }
  spanMs(span: Span): number {
    return spanMs(span, this.target.spans);
  }

  /** Remembers a rule that is in force, to be taken off by its label or at the end. */
  keepFault(label: string | undefined, rule: FaultRule): void {
    if (label !== undefined) this.faults.set(label, rule);
    this.atEnd(async () => void (await this.target.control.faults.remove([rule])));
  }
  fault(reference: Reference<"label">): FaultRule {
    return found(this.faults.get(reference.name), "fault", reference.name);
  }

  /** Watches directories of the harness's own until the end. */
  watch(roots: () => readonly string[]): WriteWatch {
    const watch = watchWrites(roots);
    this.atEnd(async () => watch.stop());
    return watch;
  }

  /** To be done when the experiment is over, whatever happens; the last first. */
  atEnd(action: () => Promise<void>): void {
    this.undo.unshift(action);
  }
  async end(): Promise<void> {
    for (const action of this.undo.splice(0)) await action();
  }

  sleep(ms: number): Promise<void> {
    return sleep(Math.max(0, ms), undefined, { signal: this.signal });
  }
}

function found<T>(value: T | undefined, what: string, name: string): T {
  if (value === undefined) throw new HarnessFailure(`There is no ${what} named "${name}" at this point.`);
  return value;
}
