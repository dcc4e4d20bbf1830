import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const KEY_BYTES = 32;

/** The file of the key under which webhooks' secrets are stored (mode 0600), kept in `directory`; made when there is none. */
export async function openWebhookKey(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, "webhook-key");
  await writeFile(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return file;
}
