import type { Account } from "../accounts/account.js";
import { customerKeyOf } from "../health/record-observation.js";

/** The KMS key that protects the account's data now: the customer's once EKM is enabled, the vendor's before. Null: not made yet. */
export const protectingKeyArn = (account: Account): string | null =>
  customerKeyOf(account)?.arn ?? account.vendorKey?.arn ?? null;
