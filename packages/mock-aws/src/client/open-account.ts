import type { AccountStatus, AccountView, SimulatorControl, SuspensionProfile } from "../control/interface.js";
import { type AwsClient, createAwsClient } from "./aws-client.js";

export interface OpenAccountOptions {
  /** 12 digits; default: one that follows from the seed. */
  readonly id?: string;
  /** `user/NAME` (default `user/admin`) or `role/NAME`. */
  readonly principal?: string;
  /** Where its calls go; default us-east-1. */
  readonly region?: string;
}

export interface NewKeyOptions {
  /** Accounts that the key policy lets do with the key what AWS lets another account do. */
  readonly sharedWith?: readonly { readonly id: string }[];
}

/** An account and its side of things: calls of its first principal, and what happens to it. */
export interface OpenAccount extends AccountView, AwsClient {
  /** A symmetric key of its own; answers the ARN. Rejects where AWS refuses. For other keys: `kms("CreateKey", input)`. */
  createKey(options?: NewKeyOptions): Promise<string>;
  /** Suspends, closes or reinstates it; `status` of this object stays what it was. */
  setStatus(status: AccountStatus, profile?: SuspensionProfile): Promise<void>;
}

export async function openAccount(
  { url, simulator }: { readonly url: string; readonly simulator: SimulatorControl },
  name: string,
  { id, principal, region = "us-east-1" }: OpenAccountOptions = {},
): Promise<OpenAccount> {
  const account = await simulator.accounts.create({ id, name, principal });
  const { accessKeyId, secretAccessKey } = account;
  const client = createAwsClient({ endpoint: url, accessKeyId, secretAccessKey, region });
  return {
    ...account,
    ...client,
    async createKey({ sharedWith = [] } = {}) {
      const input = sharedWith.length === 0 ? {} : { Policy: policyFor([account, ...sharedWith]) };
      const { status, body } = await client.kms("CreateKey", input);
      if (status !== 200) throw new Error(`CreateKey: ${JSON.stringify(body)}`);
      return (body["KeyMetadata"] as { readonly Arn: string }).Arn;
    },
    async setStatus(status, profile) {
      await simulator.accounts.setStatus(account.id, { status, profile });
    },
  };
}

const policyFor = (accounts: readonly { readonly id: string }[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: accounts.map(({ id }) => ({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${id}:root` },
      Action: "kms:*",
      Resource: "*",
    })),
  });
