// One worker process's ciphers: seals for some seconds and prints MB per second of the clock. Starts at a line on its input, so
// that several begin together.
import { once } from "node:events";
import { AccountKey, ALWAYS_OPEN, seal } from "../dist/index.js";

const SECONDS = 3;
const chunk = Buffer.alloc(1024 * 1024, 1);
const options = {
  accountKey: AccountKey.generate(),
  keyName: "acc/1",
  gate: ALWAYS_OPEN,
  context: {},
  frameLength: chunk.length,
};

async function sealFor(seconds) {
  const until = performance.now() + seconds * 1000;
  let bytes = 0;
  async function* source() {
    for (; performance.now() < until; bytes += chunk.length) yield chunk;
  }
  const began = performance.now();
  for await (const _ of seal(source(), options));
  return bytes / 1e3 / (performance.now() - began);
}

await sealFor(0.5);
console.log("ready");
await once(process.stdin, "data");
console.log(await sealFor(SECONDS));
process.exit();
