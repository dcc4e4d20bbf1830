import type { Probe } from "./probe.js";

/**
 * A key in the service's own AWS account is no customer's key, and every tenant's vendor key lives there: it is refused
 * without being used. Only for a key that AWS manages is the reason the key's kind.
 */
export async function checkOwnAccountKey({ keyService, key, report }: Probe): Promise<void> {
  const described = await keyService.describeKey(key.arn);
  if (described.ok && described.value.manager === "AWS") {
    report.pass("DESCRIBE", "AWS KMS described the key.");
    report.fail("KEY_TYPE", "KEY_AWS_MANAGED");
  } else {
    report.fail("GENERATE_DATA_KEY", "KEY_ACCESS_DENIED", "The key is in this service's own AWS account, not in yours.");
  }
}
