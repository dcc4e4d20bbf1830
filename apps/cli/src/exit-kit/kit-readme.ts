import type { Kit } from "./kit.js";

/** For whoever holds the kit, perhaps years later and without us. */
export function kitReadme({ accountId, exportedAt, generations, backups }: Kit): string {
  const arns = [...new Set(generations.map(({ keyArn }) => keyArn))];
  const newest = backups[0];
  const example = newest?.id ?? "BACKUP_ID";
  return `# Exit kit of account ${accountId}

Exported ${exportedAt}. With this kit, a copy of the objects and the right to use your own AWS KMS key you can read your backups without the
vendor: without its service, its database and its programs. **It holds no key in clear**: the account keys in it are encrypted by your KMS key, and
whoever may not use that key can do nothing with them.

| what | |
|---|---|
| account | \`${accountId}\` |
| backups | ${backups.length}${newest === undefined ? "" : `, the newest \`${newest.id}\` of ${newest.createdAt}`} |
| generations of the account key | ${generations.map(({ generation }) => generation).join(", ") || "none"} |
| wrapped by | ${arns.map((arn) => `\`${arn}\``).join(", ") || "-"} |

## You need

1. **The objects**: a copy of everything whose name begins with \`${accountId}/\`, as files in a directory OBJECTS (OBJECTS/${accountId}/...).
2. **Your KMS key**, enabled, and a principal of your own AWS account that may call \`kms:Decrypt\` with it. Nothing has to be granted to the vendor.
3. Either the vendor's command \`ekm\`, which needs no vendor service, or Python 3.10 or later. \`format.md\` describes every byte, should you
   rather write your own.

## To restore

With \`ekm\` (AWS credentials where the AWS SDK looks for them):

\`\`\`sh
ekm exit-kit open --kit . --store OBJECTS --backup ${example} --target ./restored
\`\`\`

With Python:

\`\`\`sh
python3 -m venv venv && venv/bin/pip install -r requirements.txt
venv/bin/python reader.py list --kit .
venv/bin/python reader.py restore --kit . --store OBJECTS --backup ${example} --target ./restored
\`\`\`

To see that your key opens an account key, by AWS's own tool (generation ${generations[0]?.generation ?? 1}):

\`\`\`sh
${decryptCommand(generations[0], accountId)}
\`\`\`

That prints a key of your data in clear: do it where that does no harm.

## What to keep in mind

- The kit knows the backups that were there when it was exported. Export it anew after backups that matter, and after you have rotated to another key:
  the wraps in here open by the key above, as long as that key exists. (Newer wraps also lie with the objects, under \`${accountId}/keys/\`; both readers look there, too.)
- \`kit.json\` names, by digest, which manifest is the right one of each backup. Keep the SHA-256 of \`kit.json\` that the export printed
  somewhere else, and compare: then nobody can pass an older state off as a backup.
- If the KMS key is deleted, the backups are unreadable for ever, for you as for everybody.
`;
}

function decryptCommand(generation: Kit["generations"][number] | undefined, accountId: string): string {
  if (generation === undefined) return "# this kit holds no key";
  const context = `ekm:account=${accountId},ekm:purpose=account-key,ekm:generation=${generation.generation}`;
  return `jq -r '.generations[] | select(.generation == ${generation.generation}) | .ciphertext' kit.json | base64 -d > wrap.bin
aws kms decrypt --region ${generation.region} --key-id ${generation.keyArn} \\
  --encryption-context ${context} --ciphertext-blob fileb://wrap.bin`;
}
