import { createSession, ProductUnreachable } from "../../product/graphql.js";
import type { JobStatus, KeyHealthState, Problem, Role } from "../../product/types.js";
import type { Vendor } from "../world/grant.js";

/** An account as its own admin sees it. */
export interface ProductAccount {
  readonly id: string;
  readonly name: string;
  readonly keyManagement: "CLOUD" | "ENTERPRISE";
  readonly keyLock: { readonly lockedAt: string; readonly reason: string } | null;
  readonly ekm: {
    readonly status: string;
    readonly vendorAwsAccountId: string;
    readonly vendorPrincipalArn: string;
    readonly revocationWindowSeconds: number;
    readonly activeRotation: {
      readonly status: string;
      readonly rewrapped: number;
      readonly total: number;
      readonly fromArn: string;
      readonly toArn: string;
      readonly problem: ShownProblem | null;
    } | null;
    readonly key: {
      readonly arn: string;
      readonly awsAccountId: string;
      readonly health: {
        readonly state: KeyHealthState;
        readonly since: string;
        readonly checkedAt: string;
        readonly lastUsableAt: string | null;
        readonly problem: ShownProblem | null;
      };
    } | null;
  } | null;
  readonly sources: { readonly nodes: readonly { readonly id: string; readonly name: string }[] };
  readonly backups: { readonly nodes: readonly (ShownJob & { readonly restorable: boolean })[] };
  readonly succeeded: { readonly nodes: readonly { readonly id: string; readonly restorable: boolean }[] };
  readonly restores: { readonly nodes: readonly ShownJob[] };
}
type ShownProblem = Pick<Problem, "code" | "message" | "remedy" | "possibleCauses">;
interface ShownJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: { readonly bytesDone: string; readonly bytesTotal: string | null };
  readonly problem: ShownProblem | null;
}

/** A product, and how the panel gets in. The tokens stay on this side. */
export interface ProductDoor {
  readonly gatewayUrl: string;
  /** Accounts that it may look at. */
  accountIds(): Promise<readonly string[]>;
  token(role: Role, accountId: string): Promise<string | undefined>;
}

export type Seen =
  | { readonly id: string; readonly account: ProductAccount }
  /** Why it cannot be seen. */
  | { readonly id: string; readonly error: string };

const PROBLEM = "problem { code message remedy possibleCauses }";
const JOB = `id status startedAt finishedAt progress { bytesDone bytesTotal } ${PROBLEM}`;
const QUERY = `query PanelAccount($id: ID) { account(id: $id) { id name keyManagement keyLock { lockedAt reason }
  ekm { status vendorAwsAccountId vendorPrincipalArn revocationWindowSeconds
    activeRotation { id status rewrapped total fromArn toArn ${PROBLEM} }
    key { arn awsAccountId health { state since checkedAt lastUsableAt ${PROBLEM} } } }
  sources(first: 1) { nodes { id name } }
  backups(first: 3) { nodes { ${JOB} restorable } }
  succeeded: backups(first: 1, status: SUCCEEDED) { nodes { id restorable } }
  restores(first: 3) { nodes { ${JOB} } } } }`;
const TIME_OUT_MS = 10_000;

export async function lookAt(door: ProductDoor, id: string): Promise<Seen> {
  const token = (await door.token("ACCOUNT_ADMIN", id)) ?? (await door.token("ACCOUNT_VIEWER", id));
  if (token === undefined) return { id, error: "there is no token of its admin or viewer" };
  const signal = AbortSignal.timeout(TIME_OUT_MS);
  try {
    const session = createSession(door.gatewayUrl, token, () => signal);
    const answer = await session.request<{ account: ProductAccount | null }>("PanelAccount", QUERY, { id });
    if (!answer.ok) return { id, error: `${answer.error.code}: ${answer.error.message}` };
    return answer.data.account ? { id, account: answer.data.account } : { id, error: "the product has no such account" };
  } catch (error) {
    if (error instanceof ProductUnreachable || signal.aborted) return { id, error: "the gateway gave no answer" };
    throw error;
  }
}

/** To whom this product's customers give access; undefined before an account shows it. */
export function vendorOf(seen: readonly Seen[]): Vendor | undefined {
  for (const one of seen) {
    const ekm = "account" in one ? one.account.ekm : null;
    if (ekm) return { accountId: ekm.vendorAwsAccountId, principalArn: ekm.vendorPrincipalArn };
  }
  return undefined;
}

/** Ids of the product's accounts that have to do with the key: it is theirs, or they rotate from or to it. */
export function accountsUnder(keyArn: string, seen: readonly Seen[]): readonly string[] {
  return seen.flatMap((one) => {
    if (!("account" in one) || !one.account.ekm) return [];
    const { key, activeRotation } = one.account.ekm;
    const arns = [key?.arn, activeRotation?.fromArn, activeRotation?.toArn];
    return arns.includes(keyArn) ? [one.id] : [];
  });
}
