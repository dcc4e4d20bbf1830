// Seals and opens 256 MiB in memory, against bare AES-256-GCM of node:crypto on the same frames in the same run.
// node bench/crypto.mjs [--json FILE]; the figures to compare are the ratios.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { AccountKey, ALWAYS_OPEN, open, seal } from "../dist/index.js";

const TOTAL = 256 * 1024 * 1024;
const key = randomBytes(32);
const options = { accountKey: AccountKey.generate(), keyName: "acc/1", gate: ALWAYS_OPEN };
const context = { "ekm:account": "acc", "ekm:generation": "1" };

async function* frames(frame) {
  for (let at = 0; at < TOTAL; at += frame.length) yield frame;
}
async function* chunksOf(message) {
  yield* message;
}
async function megabytesPerSecond(work) {
  await work();
  const began = performance.now();
  await work();
  return TOTAL / 1e6 / ((performance.now() - began) / 1000);
}

function bareSeal(frame) {
  const parts = [];
  for (let at = 0; at < TOTAL; at += frame.length) {
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12, at / frame.length));
    parts.push(cipher.update(frame), cipher.final(), cipher.getAuthTag());
  }
  return parts;
}
function bareOpen(parts, frame) {
  for (let at = 0; at < parts.length; at += 3) {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.alloc(12, at / 3));
    decipher.setAuthTag(parts[at + 2]);
    decipher.update(parts[at]);
    decipher.final();
  }
  return frame;
}

const rows = [];
for (const frameLength of [64 * 1024, 256 * 1024, 1024 * 1024]) {
  const frame = randomBytes(frameLength);
  const message = [];
  for await (const chunk of seal(frames(frame), { ...options, context, frameLength })) message.push(chunk);
  const bare = bareSeal(frame);
  const drain = async (stream) => {
    for await (const _ of stream);
  };
  const sizes = `${frameLength / 1024} KiB frames`;
  const sealed = await megabytesPerSecond(() => drain(seal(frames(frame), { ...options, context, frameLength })));
  const sealedBare = await megabytesPerSecond(async () => bareSeal(frame));
  const opened = await megabytesPerSecond(() => drain(open(chunksOf(message), { ...options, expectedContext: context })));
  const openedBare = await megabytesPerSecond(async () => bareOpen(bare, frame));
  rows.push({
    name: `seal, ${sizes}`,
    unit: "MB/s",
    value: sealed,
    peer: "node:crypto",
    peerValue: sealedBare,
    ratio: sealed / sealedBare,
  });
  rows.push({
    name: `open, ${sizes}`,
    unit: "MB/s",
    value: opened,
    peer: "node:crypto",
    peerValue: openedBare,
    ratio: opened / openedBare,
  });
}
console.table(
  rows.map((row) => ({
    ...row,
    value: Math.round(row.value),
    peerValue: Math.round(row.peerValue),
    ratio: row.ratio.toFixed(2),
  })),
);
const json = process.argv.indexOf("--json");
if (json > 0) writeFileSync(process.argv[json + 1], `${JSON.stringify(rows, null, 2)}\n`);
