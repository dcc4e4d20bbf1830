const FORM = /^arn:[a-z0-9-]{1,32}:kms:([a-z0-9-]{1,32}):([0-9]{12}):key\/[A-Za-z0-9-]{1,128}$/;

/** Region and owner of a KMS key ARN; null for anything else (a bare id or an alias would mean a key of our own account). */
export function partsOfKeyArn(keyArn: string): { region: string; awsAccountId: string } | null {
  const [, region, awsAccountId] = FORM.exec(keyArn) ?? [];
  return region === undefined || awsAccountId === undefined ? null : { region, awsAccountId };
}
