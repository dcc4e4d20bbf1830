import { createHash } from "node:crypto";
import { createKeyRecords, type ObjectStore } from "@ekm/vault";
import type { Kit } from "./kit.js";

/** What the object store lacks of what the kit refers to, as far as that shows without a key. Throws StorageError. */
export async function checkStore(
  objects: ObjectStore,
  kit: Kit,
  onProgress: (checked: number) => void,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [n, { id, manifest }] of kit.backups.entries()) {
    onProgress(n);
    const stored = await digestOf(objects, manifest.objectName);
    if (stored === null) problems.push(`backup ${id}: its manifest ${manifest.objectName} is missing`);
    else if (stored !== manifest.digest) problems.push(`backup ${id}: its manifest ${manifest.objectName} was changed`);
  }
  const recorded = new Set(
    (await createKeyRecords(objects).list(kit.accountId)).map(
      ({ generation, ciphertext }) => `${generation} ${Buffer.from(ciphertext).toString("base64")}`,
    ),
  );
  for (const { generation, ciphertext } of kit.generations) {
    if (!recorded.has(`${generation} ${ciphertext}`))
      problems.push(`generation ${generation}: its key record is missing beside the backups`);
  }
  return problems;
}

async function digestOf(objects: ObjectStore, name: string): Promise<string | null> {
  const body = await objects.get(name);
  if (body === null) return null;
  const hash = createHash("sha256");
  for await (const chunk of body) hash.update(chunk);
  return hash.digest("hex");
}
