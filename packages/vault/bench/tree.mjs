import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const CSV_SIZES = [300e3, 2e6, 9e6, 25e6];
const BINARY_SIZES = [4e3, 40e3, 200e3, 1.2e6, 4e3, 12e3, 600e3, 5e6];

/** A tree like a Salesforce export, of about `bytes`: a CSV per object, and attachments in 32 directories. */
export function makeTree(root, bytes) {
  const line = (i) =>
    `"001${randomBytes(6).toString("hex")}","Account ${i}","${randomBytes(4).readUInt32BE()}","2026-01-${(i % 28) + 1}T10:00:00Z"\n`;
  const table = Buffer.from(Array.from({ length: 2000 }, (_, i) => line(i)).join(""));
  const noise = randomBytes(16e6);
  let made = 0;
  const write = (file, content) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    made += content.length;
  };
  for (let i = 0; made < bytes * 0.45; i++) {
    write(path.join(root, "csv", `Object${i}__c.csv`), Buffer.alloc(CSV_SIZES[i % CSV_SIZES.length], table));
  }
  for (let i = 0; made < bytes; i++) {
    const from = (i * 7919) % 11e6;
    write(
      path.join(root, "files", String(i % 32), `068${i}.bin`),
      noise.subarray(from, from + BINARY_SIZES[i % BINARY_SIZES.length]),
    );
  }
}
