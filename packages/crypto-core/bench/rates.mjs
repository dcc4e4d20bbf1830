// One process's measurements, printed as JSON. Rates are MB per second of CPU time, as `openssl speed` counts, so that other
// work on the machine does not blur them; rounds of all contenders alternate and the best of each counts.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/client-node";
import { AccountKey, ALWAYS_OPEN, createCipherPool, open, seal } from "../dist/index.js";

const TOTAL = 512 * 1024 * 1024;
const ROUNDS = 3;
const key = randomBytes(32);
const accountKey = AccountKey.generate();
const options = { accountKey, keyName: "acc/1", gate: ALWAYS_OPEN };
const context = { "ekm:account": "acc", "ekm:generation": "1" };
const sdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const SUITE = 0x0478;
const keyring = new RawAesKeyringNode({
  keyNamespace: "ekm",
  keyName: "acc/1",
  unencryptedMasterKey: accountKey.use((bytes) => new Uint8Array(bytes)),
  wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
});

async function* repeated(chunk, total = TOTAL) {
  for (let at = 0; at < total; at += chunk.length) yield chunk;
}
async function drain(stream) {
  for await (const _ of stream);
}
async function collect(stream) {
  const all = [];
  for await (const chunk of stream) all.push(chunk);
  return all;
}
function bareSeal(frame, count) {
  const sealed = [];
  for (let n = 0; n < count; n++) {
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12, n));
    sealed[n % 2] = { text: cipher.update(frame), iv: Buffer.alloc(12, n), end: cipher.final(), tag: cipher.getAuthTag() };
  }
  return sealed[0];
}
function bareOpen({ text, iv, tag }, count) {
  for (let n = 0; n < count; n++) {
    const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(tag);
    decipher.update(text);
    decipher.final();
  }
}

/** Best rate of each contender, rounds alternating. `clock` gives seconds. */
async function best(contenders, clock) {
  const rates = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { bytes, work }] of Object.entries(contenders)) {
      const began = clock();
      await work();
      const rate = bytes / 1e6 / (clock() - began);
      if (round > 0) rates[name] = Math.max(rates[name] ?? 0, rate);
    }
  }
  return rates;
}
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function rates(frameLength) {
  const frame = randomBytes(frameLength);
  const count = TOTAL / frameLength;
  const chunk = Buffer.alloc(1024 * 1024, frame);
  const message = await collect(seal(repeated(chunk), { ...options, context, frameLength }));
  const bare = bareSeal(frame, 2);
  const small = Buffer.alloc(16 * 1024 * 1024, frame);
  const theirs = (await sdk.encrypt(keyring, small, { suiteId: SUITE, frameLength, encryptionContext: context })).result;
  return await best(
    {
      seal: { bytes: TOTAL, work: () => drain(seal(repeated(chunk), { ...options, context, frameLength })) },
      open: { bytes: TOTAL, work: () => drain(open(repeatedOnce(message), { ...options, expectedContext: context })) },
      bareSeal: { bytes: TOTAL, work: async () => bareSeal(frame, count) },
      bareOpen: { bytes: TOTAL, work: async () => bareOpen(bare, count) },
      sdkSeal: {
        bytes: small.length,
        work: () => sdk.encrypt(keyring, small, { suiteId: SUITE, frameLength, encryptionContext: context }),
      },
      sdkOpen: { bytes: small.length, work: () => sdk.decrypt(keyring, theirs) },
    },
    cpu,
  );
}
async function* repeatedOnce(chunks) {
  yield* chunks;
}

/** The SDK with the frame length that it takes when it is not told one. */
async function sdkAtItsDefault() {
  const plaintext = randomBytes(16 * 1024 * 1024);
  const { result } = await sdk.encrypt(keyring, plaintext, { suiteId: SUITE, encryptionContext: context });
  return await best(
    {
      seal: {
        bytes: plaintext.length,
        work: () => sdk.encrypt(keyring, plaintext, { suiteId: SUITE, encryptionContext: context }),
      },
      open: { bytes: plaintext.length, work: () => sdk.decrypt(keyring, result) },
    },
    cpu,
  );
}

/** MB/s by the wall clock of four messages at once, sealed and the digest taken. */
async function poolRates() {
  const chunk = randomBytes(1024 * 1024);
  const pools = { one: createCipherPool({ threads: 1 }), two: createCipherPool({ threads: 2 }) };
  const on = (pool) => ({
    bytes: TOTAL,
    work: () =>
      Promise.all(
        [1, 2, 3, 4].map(() =>
          drain(pool.seal(repeated(chunk, TOTAL / 4), { ...options, context, frameLength: chunk.length, digest: true })),
        ),
      ),
  });
  const found = await best({ one: on(pools.one), two: on(pools.two) }, () => performance.now() / 1000);
  await Promise.all(Object.values(pools).map((pool) => pool.close()));
  return found;
}

const frames = {};
for (const kib of [64, 256, 1024]) frames[kib] = await rates(kib * 1024);
console.log(JSON.stringify({ frames, sdkDefault: await sdkAtItsDefault(), pool: await poolRates() }));
