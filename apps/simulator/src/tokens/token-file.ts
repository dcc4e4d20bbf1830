import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Role } from "../product/types.js";
import type { TokenSource } from "./token-source.js";

/** The shape of `--tokens`: a token for support, and for each account one per role. */
export const tokenFile = z.object({
  SUPPORT: z.string().optional(),
  accounts: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});
export type TokenFile = z.infer<typeof tokenFile>;

export async function readTokenFile(path: string): Promise<TokenFile> {
  return tokenFile.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Readable by its owner alone, and never half written. */
export async function writeTokenFile(path: string, tokens: TokenFile): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}

export function tokensFromFile(tokens: TokenFile): TokenSource {
  return {
    token: async (role: Role, accountId?: string) =>
      role === "SUPPORT" ? tokens.SUPPORT : accountId === undefined ? undefined : tokens.accounts[accountId]?.[role],
  };
}
