import path from "node:path";
import type { GraphQLAnswer } from "./client.js";
import type { Stack } from "./stack.js";

/** Accounts at the stages of their life, each made through the API as its people would. */
export const tenantsOf = (stack: Pick<Stack, "as" | "createKey" | "owner" | "data">) => {
  const expectDone = ({ data, errors }: GraphQLAnswer) => {
    const [payload] = Object.values(data ?? {}) as { userErrors: unknown[] }[];
    if (errors.length > 0 || payload === undefined || payload.userErrors.length > 0) {
      throw new Error(JSON.stringify({ data, errors }));
    }
    return data;
  };
  const admin = async (account: string, query: string, variables: object = {}) =>
    expectDone(await stack.as("ACCOUNT_ADMIN", account, query, variables));

  const tenants = {
    async created(name: string): Promise<string> {
      const query =
        "mutation ($name: String!) { createAccount(input: { name: $name }) { account { id } userErrors { code message } } }";
      return expectDone(await stack.as("SUPPORT", undefined, query, { name })).createAccount.account.id;
    },
    async activated(name: string): Promise<string> {
      const account = await tenants.created(name);
      const query = "mutation ($id: ID!) { activateEkm(input: { accountId: $id }) { userErrors { code message } } }";
      expectDone(await stack.as("SUPPORT", undefined, query, { id: account }));
      return account;
    },
    /** Under a key whose policy is the product's own template. */
    async enabled(name: string): Promise<{ account: string; key: string }> {
      const account = await tenants.activated(name);
      const key = await tenants.grantedKey(account);
      const { terms } = (await stack.as("ACCOUNT_ADMIN", account, "{ account { ekm { terms { version } } } }")).data.account.ekm;
      await admin(
        account,
        "mutation ($key: String!, $terms: String!) { enableEkm(input: { keyArn: $key, acceptedTermsVersion: $terms, confirmIrreversible: true }) { userErrors { code message } } }",
        { key, terms: terms.version },
      );
      return { account, key };
    },
    /** A key of the customer's that the account may use. */
    async grantedKey(account: string): Promise<string> {
      const key = await stack.createKey();
      const query = "query ($key: KeyArn) { account { ekm { grantTemplate(keyArn: $key) { keyPolicy } } } }";
      const { data } = await stack.as("ACCOUNT_ADMIN", account, query, { key });
      const Policy = data.account.ekm.grantTemplate.keyPolicy;
      const { status, body } = await stack.owner.kms("PutKeyPolicy", { KeyId: key, PolicyName: "default", Policy });
      if (status !== 200) throw new Error(`PutKeyPolicy: ${JSON.stringify(body)}`);
      return key;
    },
    async source(account: string, location = path.join(stack.data, "crm")): Promise<string> {
      const query =
        'mutation ($location: String!) { registerBackupSource(input: { name: "CRM", kind: DIRECTORY, location: $location }) { source { id } userErrors { code message } } }';
      return (await admin(account, query, { location })).registerBackupSource.source.id;
    },
    /** Queued: nobody runs it here. */
    async backup(account: string, source: string): Promise<string> {
      const query =
        "mutation ($source: ID!) { startBackup(input: { sourceId: $source }) { backup { id } userErrors { code message } } }";
      return (await admin(account, query, { source })).startBackup.backup.id;
    },
  };
  return tenants;
};
