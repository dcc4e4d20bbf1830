import { keyPolicy } from "../../policies/key-policies.js";

/** To whom customers give access. */
export interface Vendor {
  readonly accountId: string;
  readonly principalArn: string;
}

interface Document {
  readonly Version?: string;
  readonly Statement?: Statement | readonly Statement[];
}
type Statement = Readonly<Record<string, unknown>>;

/** Whether the key's policy lets the vendor in at all: a statement that allows names it, and none denies it. */
export function isGranted(policy: string, vendor: Vendor): boolean {
  const mine = statementsOf(policy).filter((statement) => names(statement, vendor));
  return mine.some(({ Effect }) => Effect === "Allow") && !mine.some(({ Effect }) => Effect === "Deny");
}

/** The policy without what it says of the vendor: what a customer leaves who takes the grant back. */
export function withoutGrant(policy: string, vendor: Vendor): string {
  const Statement = statementsOf(policy).filter((statement) => !names(statement, vendor));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** The grant that the product asks for, for these accounts of its. */
export function grantTemplate(ownerAccountId: string, vendor: Vendor, accountIds: readonly string[]): string {
  const grantee = { vendorAccountId: vendor.accountId, vendorPrincipalArn: vendor.principalArn, accountIds };
  return JSON.stringify(keyPolicy("grant-template", ownerAccountId, grantee));
}

function statementsOf(policy: string): readonly Statement[] {
  const { Statement = [] } = JSON.parse(policy) as Document;
  return Array.isArray(Statement) ? Statement : [Statement as Statement];
}

function names({ Principal }: Statement, vendor: Vendor): boolean {
  const aws = typeof Principal === "string" ? Principal : ((Principal as { AWS?: unknown } | undefined)?.AWS ?? []);
  const principals = (Array.isArray(aws) ? aws : [aws]).map(String);
  return principals.some((principal) => principal === "*" || principal.includes(vendor.accountId));
}
