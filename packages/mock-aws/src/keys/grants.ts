import { randomBytes } from "node:crypto";
import type { SimulatedClock } from "../clock.js";
import type { EncryptionContext } from "./key.js";

export interface GrantConstraints {
  readonly EncryptionContextSubset?: EncryptionContext | undefined;
  readonly EncryptionContextEquals?: EncryptionContext | undefined;
}

export interface Grant {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly token: string;
  readonly keyArn: string;
  readonly name: string | null;
  readonly granteePrincipal: string;
  readonly retiringPrincipal: string | null;
  /** `Decrypt`, `ReEncryptFrom`, ... */
  readonly operations: readonly string[];
  readonly constraints: GrantConstraints | null;
  /** The account in which it was made, as a root ARN. */
  readonly issuingAccount: string;
  /** Simulated time. */
  readonly createdAt: number;
  /** Simulated time from which it counts without its token. */
  readonly visibleAt: number;
}

/** Who asks for something that a grant may allow. */
export interface GrantUse {
  readonly accountId: string;
  readonly arn: string;
  readonly principalArn: string;
  /** Without `kms:`. */
  readonly operation: string;
  readonly context: EncryptionContext;
  readonly tokens: readonly string[];
  /** Whether constraints apply: they do for symmetric cryptographic operations, and for nothing else. */
  readonly constrained: boolean;
}

/** Grants on keys. A grant lives until it is retired or revoked, or its key is deleted. */
export class Grants {
  readonly #byKey = new Map<string, Map<string, Grant>>();
  /** How much later than its creation a grant counts without its token: AWS says up to 5 minutes. Milliseconds. */
  delayMs = 0;

  constructor(private readonly clock: SimulatedClock) {}

  create(given: Omit<Grant, "id" | "token" | "createdAt" | "visibleAt">): Grant {
    const now = this.clock.now();
    const grant = {
      ...given,
      id: randomBytes(32).toString("hex"),
      token: randomBytes(180).toString("base64url"),
      createdAt: now,
      visibleAt: now + this.delayMs,
    };
    this.put(grant);
    return grant;
  }

  put(grant: Grant): void {
    const grants = this.#byKey.get(grant.keyArn) ?? new Map<string, Grant>();
    grants.set(grant.id, grant);
    this.#byKey.set(grant.keyArn, grants);
  }

  find(keyArn: string, id: string): Grant | undefined {
    return this.#byKey.get(keyArn)?.get(id);
  }

  findByToken(token: string): Grant | undefined {
    return this.list().find((grant) => grant.token === token);
  }

  of(keyArn: string): Grant[] {
    return [...(this.#byKey.get(keyArn)?.values() ?? [])];
  }

  list(): Grant[] {
    return [...this.#byKey.values()].flatMap((grants) => [...grants.values()]);
  }

  remove(grant: Grant): void {
    const grants = this.#byKey.get(grant.keyArn);
    grants?.delete(grant.id);
    if (grants?.size === 0) this.#byKey.delete(grant.keyArn);
  }

  /** The grant that allows it, or undefined. */
  allowing(keyArn: string, use: GrantUse): Grant | undefined {
    const grants = this.#byKey.get(keyArn);
    if (grants === undefined) return undefined;
    const now = this.clock.now();
    return [...grants.values()].find(
      (grant) =>
        (now >= grant.visibleAt || use.tokens.includes(grant.token)) &&
        grant.operations.includes(use.operation) &&
        isGrantPrincipal(grant.granteePrincipal, use) &&
        (!use.constrained || constraintsHold(grant.constraints, use.context)),
    );
  }

  clear(): void {
    this.#byKey.clear();
    this.delayMs = 0;
  }
}

/** An account stands for all its principals. */
export function isGrantPrincipal(
  granted: string,
  { accountId, arn, principalArn }: Pick<GrantUse, "accountId" | "arn" | "principalArn">,
): boolean {
  return granted === principalArn || granted === arn || granted === `arn:aws:iam::${accountId}:root` || granted === accountId;
}

/** Names of context pairs are compared without regard to case here, values with it (GrantConstraints, API Reference). */
export function constraintsHold(constraints: GrantConstraints | null, context: EncryptionContext): boolean {
  const { EncryptionContextSubset: subset, EncryptionContextEquals: equals } = constraints ?? {};
  const actual = pairsOf(context);
  const has = (pairs: EncryptionContext): boolean => [...pairsOf(pairs)].every((pair) => actual.has(pair));
  if (subset !== undefined && !has(subset)) return false;
  return equals === undefined || (has(equals) && Object.keys(equals).length === Object.keys(context).length);
}

/** Whether a grant with `inner` allows nothing that one with `outer` would not. */
export function isAsStrict(inner: GrantConstraints | null, outer: GrantConstraints | null): boolean {
  const { EncryptionContextSubset: subset, EncryptionContextEquals: equals } = outer ?? {};
  if (equals !== undefined)
    return inner?.EncryptionContextEquals !== undefined && constraintsHold(outer, inner.EncryptionContextEquals);
  if (subset === undefined) return true;
  const least = inner?.EncryptionContextEquals ?? inner?.EncryptionContextSubset;
  return least !== undefined && constraintsHold({ EncryptionContextSubset: subset }, least);
}

const pairsOf = (context: EncryptionContext): Set<string> =>
  new Set(Object.entries(context).map(([name, value]) => JSON.stringify([name.toLowerCase(), value])));
