import { readTokenFile, type TokenFile } from "../tokens/token-file.js";
import { UsageError } from "./exit-status.js";

/** The file that `--tokens` names. Throws UsageError where it cannot be read or has another shape. */
export async function readTokens(file: string): Promise<TokenFile> {
  try {
    return await readTokenFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--tokens ${file} is no token file {"SUPPORT": jwt, "accounts": {id: {role: jwt}}}: ${why}`);
  }
}
