import { join } from "node:path";
import type { Role } from "../product/types.js";
import type { DevelopmentIssuer } from "../tokens/development-issuer.js";
import { type TokenFile, writeTokenFile } from "../tokens/token-file.js";

const TENANT_ROLES: readonly Role[] = ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR"];

/** A token for support and for each tenant's roles, also as `tokens.json` in the directory. */
export async function writeDemoTokens(
  directory: string,
  issuer: DevelopmentIssuer,
  accountIds: readonly string[],
): Promise<TokenFile & { readonly path: string }> {
  const accounts: Record<string, Record<string, string>> = {};
  for (const id of accountIds) {
    accounts[id] = Object.fromEntries(await Promise.all(TENANT_ROLES.map(async (role) => [role, await issuer.token(role, id)])));
  }
  const tokens = { SUPPORT: await issuer.token("SUPPORT"), accounts };
  const path = join(directory, "tokens.json");
  await writeTokenFile(path, tokens);
  return { ...tokens, path };
}
