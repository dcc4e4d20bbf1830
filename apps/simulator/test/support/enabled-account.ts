import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeSalesforceExport } from "../../src/data/salesforce-export.js";
import { type CustomerAws, customerAws } from "../../src/demo/customer-aws.js";
import { accepted } from "../../src/product/accepted.js";
import { activateEkm, createAccount, readTermsVersion } from "../../src/product/accounts.js";
import { createSession, type Session } from "../../src/product/graphql.js";
import { registerBackupSource } from "../../src/product/jobs.js";
import { enableEkm } from "../../src/product/keys.js";
import type { Stack } from "../../src/stack/stack.js";
import { writeTokenFile } from "../../src/tokens/token-file.js";

export interface EnabledAccount {
  readonly id: string;
  readonly keyArn: string;
  readonly owner: CustomerAws;
  /** Of a canary that is registered as a source, 200 KB. */
  readonly sourceId: string;
  readonly tokensFile: string;
}

/** An account of the product under a key of its own, and a token file for it in `directory`. */
export async function enabledAccount(stack: Stack, directory: string, name: string): Promise<EnabledAccount> {
  const session = async (role: "SUPPORT" | "ACCOUNT_ADMIN", id?: string): Promise<Session> =>
    createSession(stack.gatewayUrl, await stack.tokens.token(role, id), () => AbortSignal.timeout(60_000));
  const support = await session("SUPPORT");
  const accountId = accepted("createAccount", await createAccount(support, { name })).account?.id ?? "";
  accepted("activateEkm", await activateEkm(support, { accountId }));
  const owner = await customerAws(stack, name, accountId);
  const keyArn = await owner.createKey(name);
  const admin = await session("ACCOUNT_ADMIN", accountId);
  const terms = await readTermsVersion(admin, accountId);
  const acceptedTermsVersion = (terms.ok && terms.data.account?.ekm?.terms.version) || "";
  accepted("enableEkm", await enableEkm(admin, { accountId, keyArn, acceptedTermsVersion, confirmIrreversible: true }));
  const location = join(stack.layout.sources, accountId, "canary");
  await mkdir(location, { recursive: true });
  await writeSalesforceExport({ directory: location, bytes: 2_000_000, seed: 1 });
  const input = { accountId, name: "canary", kind: "DIRECTORY", location } as const;
  const { source } = accepted("registerBackupSource", await registerBackupSource(admin, input));
  const tokensFile = join(directory, `${name}-tokens.json`);
  const roles = { ACCOUNT_ADMIN: await stack.tokens.token("ACCOUNT_ADMIN", accountId) };
  await writeTokenFile(tokensFile, { accounts: { [accountId]: roles } });
  return { id: accountId, keyArn, owner, sourceId: source?.id ?? "", tokensFile };
}
