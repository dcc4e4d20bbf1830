import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "@ekm/faults";
import { type AwsAnswer, type AwsClient, createAwsClient } from "@ekm/mock-aws";
import type { Reference } from "../experiments/fields.js";
import { type Moment, type Span, spanMs } from "../experiments/moment.js";
import { createSession, type Session } from "../product/graphql.js";
import type { Role } from "../product/types.js";
import type { Stack } from "../stack/stack.js";
import { JobLedger } from "./jobs.js";
import { Listeners } from "./listeners.js";
import { RefusalLog } from "./measure/refusals.js";
import { type WriteWatch, watchWrites } from "./measure/watch-writes.js";
import { HarnessFailure } from "./outcome.js";
import type { Damaged } from "./own-stack/damage.js";
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
  /** The custom key store that holds it, where one does. */
  readonly keyStoreId?: string;
}
export interface GrantHandle {
  readonly key: KeyHandle;
  readonly id: string;
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
  /** Imported key material, by the key's ARN: AWS takes the same again and no other. */
  readonly materials = new Map<string, Buffer>();
  readonly grants = new Map<string, GrantHandle>();
  readonly jobs: JobLedger;
  readonly rotations: RotationLedger;
  readonly listeners: Listeners;
  readonly refusals: RefusalLog;
  /** When each labelled act took effect, in milliseconds since 1970. */
  private readonly moments = new Map<string, number>();
  private readonly faults = new Map<string, FaultRule>();
  private readonly damages = new Map<string, Damaged>();
  private readonly holds = new Map<string, () => Promise<void>>();
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
    this.listeners = new Listeners(this);
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

  grant(reference: Reference<"label">): GrantHandle {
    return found(this.grants.get(reference.name), "grant", reference.name);
  }

  keyArnOf({ keyName }: AccountHandle): string | undefined {
    return keyName === undefined ? undefined : this.keys.get(keyName)?.arn;
  }
  /** The id of the job or the rotation of that label. */
  subjectId(label: Reference<"label">): string {
    return (this.rotations.find(label) ?? this.jobs.labelled(label)).id;
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

  /** Who calls with that role, as the product's audit log names them. */
  async subject(role: Role, account: AccountHandle): Promise<string> {
    const token = await this.target.tokens.token(role, role === "SUPPORT" ? undefined : account.id);
    const claims = token?.split(".")[1];
    if (claims === undefined) throw new HarnessFailure(`There is no token for ${role} of ${account.name} that says who it is.`);
    const { sub } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as { readonly sub?: string };
    if (sub === undefined) throw new HarnessFailure(`The token for ${role} of ${account.name} does not say who it is.`);
    return sub;
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

  /** A new directory for a restore of this account; it does not exist yet. */
  restoreTarget({ id }: AccountHandle): string {
    this.restoreCount += 1;
    return join(this.target.restores(id), this.id, `restore-${this.restoreCount}`);
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

  ownStack(): Stack {
    const { stack } = this.target;
    if (!stack) throw new HarnessFailure("This can be done in the runner's own stack only.");
    return stack;
  }
  keepDamage(label: string | undefined, damaged: Damaged): void {
    if (label !== undefined) this.damages.set(label, damaged);
  }
  damaged(reference: Reference<"label">): Damaged {
    return found(this.damages.get(reference.name), "damaged object", reference.name);
  }
  /** `release` may be called more than once: at the end it is called in any case. */
  keepHold(label: string, release: () => Promise<void>): void {
    this.holds.set(label, release);
    this.atEnd(release);
  }
  hold(reference: Reference<"label">): () => Promise<void> {
    return found(this.holds.get(reference.name), "lock or full disk", reference.name);
  }
  /** Where the copy of the database of that name lies. */
  snapshotFile(name: string): string {
    return join(this.ownStack().layout.database, `snapshot-${this.id}-${name}.sqlite`);
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
