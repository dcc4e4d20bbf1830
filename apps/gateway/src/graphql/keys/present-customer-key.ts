import type { CustomerKey } from "@ekm/ekm";
import { partsOf } from "../scalars/key-arn.js";
import type { CustomerKeyView } from "./customer-key.js";

export function presentCustomerKey(accountId: string, key: CustomerKey): CustomerKeyView {
  const { region, awsAccountId } = partsOf(key.arn);
  return { accountId, arn: key.arn, awsAccountId, region, multiRegion: key.multiRegion, enabledAt: key.enabledAt };
}
