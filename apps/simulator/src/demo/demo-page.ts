import { rename, writeFile } from "node:fs/promises";
import type { TokenFile } from "../tokens/token-file.js";
import type { DemoAccount } from "./set-up-demo.js";

/** What the gateway shows at /demo. It holds tokens: readable by its owner alone, and never half written. */
export async function writeDemoPage(
  path: string,
  accounts: readonly DemoAccount[],
  tokens: TokenFile,
  awsEndpoint: string,
): Promise<void> {
  const page = {
    accounts: accounts.map(({ id, name, situation, description, keyArn }) => ({
      id,
      name,
      state: situation,
      description,
      ...(keyArn === undefined ? {} : { keyArn }),
      tokens: tokens.accounts[id] ?? {},
    })),
    supportToken: tokens.SUPPORT ?? "",
    aws: { endpoint: awsEndpoint },
  };
  await writeFile(`${path}.next`, `${JSON.stringify(page, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.next`, path);
}
