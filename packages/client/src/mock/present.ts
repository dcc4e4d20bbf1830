import type { KnownKeyHealthState } from "../generated/vocabulary.js";
import { diagnosisOf } from "./diagnosis.js";
import { TERMS } from "./fixtures.js";
import { type PageRequest, pageOf } from "./page.js";
import type { AccountRecord, EventRecord, RotationRecord, WebhookRecord, World } from "./world.js";

/** What the schema's resolvers read: plain values, and functions where a field has arguments. */
type Value = Record<string, unknown>;

const VENDOR = { vendorAwsAccountId: "111122223333", vendorPrincipalArn: "arn:aws:iam::111122223333:role/ekm-service" };
const LEASE_SECONDS = 60;

export const statusOf = (account: AccountRecord) =>
  account.key === null ? "ACTIVATED" : activeRotation(account) === null ? "ENABLED" : "ROTATING";

export const activeRotation = ({ rotations }: AccountRecord): RotationRecord | null =>
  rotations.find(({ status }) => status === "RUNNING" || status === "PAUSED") ?? null;

export const healthStateOf = ({ health }: AccountRecord): KnownKeyHealthState | null =>
  (health[0]?.state as KnownKeyHealthState | undefined) ?? null;

export function presentAccount(account: AccountRecord): Value {
  const { id, name, createdAt, keyLock, backups, restores, sources, audit, webhooks } = account;
  return {
    __typename: "Account",
    id,
    name,
    createdAt,
    keyLock,
    keyManagement: account.key === null ? "CLOUD" : "ENTERPRISE",
    ekm: account.activation === null ? null : presentEkm(account),
    diagnosis: () => diagnosisOf(account),
    sources: (page: PageRequest) => pageOf(sources, page),
    webhooks: (page: PageRequest) => pageOf(webhooks.map(presentWebhook), page),
    backups: ({ sourceId, status, ...page }: PageRequest & { sourceId?: string; status?: string }) =>
      pageOf(
        backups.filter(
          (backup) => (sourceId == null || backup.source.id === sourceId) && (status == null || backup.status === status),
        ),
        page,
      ),
    restores: ({ status, ...page }: PageRequest & { status?: string }) =>
      pageOf(
        restores.filter((restore) => status == null || restore.status === status),
        page,
      ),
    auditLog: ({ action, ...page }: PageRequest & { action?: string }) =>
      pageOf(
        audit.filter((entry) => action == null || entry.action === action),
        page,
      ),
  };
}

export const presentWebhook = ({ deliveries, ...webhook }: WebhookRecord): Value => ({
  ...webhook,
  deliveries: ({ state, ...page }: PageRequest & { state?: string }) =>
    pageOf(
      deliveries.filter((delivery) => state == null || delivery.state === state),
      page,
    ),
});

function presentEkm(account: AccountRecord): Value {
  const protectedBackups = account.backups.filter(
    ({ status, protectedBy }) => status === "SUCCEEDED" && protectedBy === "ENTERPRISE",
  );
  return {
    ...account.activation,
    ...VENDOR,
    status: statusOf(account),
    acceptance: account.acceptance,
    terms: TERMS,
    revocationWindowSeconds: LEASE_SECONDS + 1,
    key: account.key === null ? null : presentKey(account, account.key),
    activeRotation: activeRotation(account),
    leftBehind: account.leftBehind,
    rotations: (page: PageRequest) => pageOf(account.rotations, page),
    impact: {
      backups: String(protectedBackups.length),
      bytes: String(protectedBackups.reduce((sum, { bytes }) => sum + Number(bytes ?? 0), 0)),
      generations: protectedBackups.length === 0 ? 0 : 5,
    },
    grantTemplate: ({ keyArn }: { keyArn?: string | null }) =>
      grantTemplate(account.id, keyArn ?? "arn:aws:kms:REGION:ACCOUNT:key/KEY-ID"),
  };
}

function presentKey({ health }: AccountRecord, { arn, enabledAt }: NonNullable<AccountRecord["key"]>): Value {
  const [, , , region, awsAccountId, resource = ""] = arn.split(":");
  return {
    arn,
    awsAccountId,
    region,
    enabledAt,
    multiRegion: resource.startsWith("key/mrk-"),
    health: health[0],
    healthHistory: (page: PageRequest) => pageOf(health, page),
  };
}

/** In the shape of the real one, not with its text: a policy for a real key comes from a real gateway. */
function grantTemplate(accountId: string, keyArn: string): Value {
  const statement = {
    Sid: "SampleOfTheMock",
    Effect: "Allow",
    Principal: { AWS: VENDOR.vendorPrincipalArn },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals: { "kms:EncryptionContext:ekm:account": accountId } },
  };
  const statements = JSON.stringify([statement], null, 2);
  const keyPolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
  return {
    statements,
    keyPolicy,
    cloudFormation: `# Sample of the mock\nResources:\n  Key:\n    Type: AWS::KMS::Key\n# ${keyArn}\n`,
    terraform: `# Sample of the mock\nresource "aws_kms_key_policy" "ekm" {\n  key_id = "${keyArn}"\n}\n`,
    awsCli: `aws kms put-key-policy --key-id ${keyArn} --policy-name default --policy file://policy.json\n`,
  };
}

export function presentEvent(world: World, { id, at, kind, accountId, subject }: EventRecord): Value {
  const account = world.account(accountId);
  const only = (typename: string) => (subject?.__typename === typename ? subject : null);
  return {
    id,
    at,
    kind,
    account: account && presentAccount(account),
    rotation: only("KeyRotation"),
    backup: only("Backup"),
    restore: only("Restore"),
    verification: only("Verification"),
  };
}
