import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Role } from "@ekm/ekm";
import { createAwsClient, startMockAws } from "@ekm/mock-aws";
import { pino } from "pino";
import { startGateway } from "../../src/composition/gateway.js";
import { parseEnvironment } from "../../src/environment.js";
import { clientOf } from "./client.js";
import { createDataPlane } from "./data-plane.js";
import { AUDIENCE, createIssuer, ISSUER } from "./issuer.js";
import { temporaryDirectory } from "./temporary-directory.js";

export const REGION = "eu-west-1";
const VENDOR = "111122223333";
const CUSTOMER = "444455556666";

/** A vendor's and a customer's AWS account in a mock AWS, an issuer, empty directories: all that a gateway needs. */
export async function createSurroundings() {
  const aws = await startMockAws({ seed: 1 });
  const vendor = await aws.simulator.accounts.create({ id: VENDOR, name: "vendor", principal: "role/ekm-service" });
  const customer = await aws.simulator.accounts.create({ id: CUSTOMER, name: "customer" });
  const owner = createAwsClient({ endpoint: aws.url, region: REGION, ...customer });
  const issuer = await createIssuer();
  const directory = await temporaryDirectory("gateway");
  const data = path.join(directory, "data");
  await mkdir(path.join(data, "crm"), { recursive: true });
  await mkdir(path.join(data, "restores"));
  const webhookKey = path.join(directory, "webhook-key");
  await writeFile(webhookKey, randomBytes(32), { mode: 0o600 });

  return {
    aws,
    owner,
    customerId: CUSTOMER,
    issuer,
    data,
    variables: {
      EKM_DATABASE: path.join(directory, "ekm.sqlite"),
      EKM_STORE_DIR: path.join(directory, "objects"),
      EKM_ALLOWED_ROOTS: data,
      EKM_SHARED_ROOTS: "true",
      EKM_RESTORE_ROOT: path.join(data, "restores"),
      EKM_KMS_ENDPOINT: aws.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: vendor.accessKeyId,
      AWS_SECRET_ACCESS_KEY: vendor.secretAccessKey,
      EKM_VENDOR_AWS_ACCOUNT_ID: VENDOR,
      EKM_VENDOR_PRINCIPAL_ARN: vendor.principalArn,
      EKM_ALLOWED_REGIONS: `${REGION},us-east-1`,
      EKM_JWT_ISSUER: ISSUER,
      EKM_JWT_AUDIENCE: AUDIENCE,
      EKM_JWKS: issuer.jwksPath,
      EKM_PORT: "0",
      EKM_KEY_LEASE_SECONDS: "5",
      EKM_WEBHOOK_KEY_FILE: webhookKey,
    },
    /** A key of the customer's, with a policy of their own or AWS's default one, which admits nobody else. */
    async createKey(policy?: string): Promise<string> {
      const { status, body } = await owner.kms("CreateKey", policy === undefined ? {} : { Policy: policy });
      if (status !== 200) throw new Error(`CreateKey: ${JSON.stringify(body)}`);
      return (body["KeyMetadata"] as { Arn: string }).Arn;
    },
  };
}

export async function startStack(settings: Record<string, string> = {}) {
  const surroundings = await createSurroundings();
  const environment = parseEnvironment({ ...surroundings.variables, ...settings });
  if (!environment.ok) throw new Error(environment.problems.join("\n"));
  const gateway = await startGateway(environment.value, pino({ level: "silent" }));
  const client = clientOf(gateway.url);
  const dataPlane = await createDataPlane(environment.value);
  return {
    ...surroundings,
    ...client,
    url: gateway.url,
    dataPlane,
    /** Another gateway on the same database. */
    startAnother: () => startGateway(environment.value, pino({ level: "silent" })),
    /** Asks as somebody of this role; SUPPORT has no account. */
    async as(role: Role, account: string | undefined, query: string, variables: object = {}) {
      const token = await surroundings.issuer.token({
        subject: `${role.toLowerCase()}@example.com`,
        roles: [role],
        ...(account === undefined ? {} : { account }),
      });
      return client.ask(query, { token, variables });
    },
    async close() {
      await gateway.close();
      await dataPlane.close();
      await surroundings.aws.close();
    },
  };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;
