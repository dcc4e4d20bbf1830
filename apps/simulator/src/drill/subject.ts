import { UsageError } from "../commands/exit-status.js";
import type { Session } from "../product/graphql.js";

/** The account that is drilled, and what the product promises it. */
export interface Subject {
  readonly accountId: string;
  readonly accountName: string;
  readonly keyArn: string;
  readonly region: string;
  /** The customer's, that owns the key. */
  readonly awsAccountId: string;
  /** The vendor's, that calls it. */
  readonly vendorAwsAccountId: string;
  readonly windowMs: number;
  readonly admin: Session;
  readonly operator: Session;
}

interface Answered {
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly ekm: {
      readonly status: string;
      readonly revocationWindowSeconds: number;
      readonly vendorAwsAccountId: string;
      readonly key: { readonly arn: string; readonly region: string; readonly awsAccountId: string } | null;
    } | null;
  } | null;
}

const QUERY = `query DrillSubject($id: ID) { account(id: $id) { id name
  ekm { status revocationWindowSeconds vendorAwsAccountId key { arn region awsAccountId } } } }`;

/** Throws UsageError for an account that cannot be drilled: one that is not there, not enabled, or between two keys. */
export async function readSubject(accountId: string, admin: Session, operator: Session): Promise<Subject> {
  const answer = await admin.request<Answered>("DrillSubject", QUERY, { id: accountId });
  if (!answer.ok) throw new UsageError(`The product refused to show the account: ${answer.error.code} ${answer.error.message}`);
  const { account } = answer.data;
  if (!account) throw new UsageError(`The product has no account ${accountId}, or the token is not its admin's.`);
  const { ekm } = account;
  if (!ekm?.key) throw new UsageError(`EKM is not enabled for ${account.name}: there is no customer key to drill.`);
  if (ekm.status !== "ENABLED")
    throw new UsageError(`${account.name} is ${ekm.status}: a drill needs one key, so wait for the rotation to end.`);
  return {
    accountId: account.id,
    accountName: account.name,
    keyArn: ekm.key.arn,
    region: ekm.key.region,
    awsAccountId: ekm.key.awsAccountId,
    vendorAwsAccountId: ekm.vendorAwsAccountId,
    windowMs: ekm.revocationWindowSeconds * 1000,
    admin,
    operator,
  };
}
